// Where in a text of Python a command is about.  Knows no editor.

const HEAD = /^\s*(?:async\s+)?def\s+\w/;

/**
 * The line of the function that a line is in the body of, by indentation alone; the line itself
 * where there is none, since the server then says what is wrong.
 */
export function headLine(lines: readonly string[], line: number): number {
  const here = lines[line] ?? "";
  if (HEAD.test(here) || /^\s*@/.test(here)) {
    return line;
  }
  let within = here.trim() === "" ? Number.POSITIVE_INFINITY : indent(here);
  for (let at = line - 1; at >= 0 && within > 0; at -= 1) {
    const text = lines[at] ?? "";
    if (text.trim() === "" || indent(text) >= within) {
      continue;
    }
    if (HEAD.test(text)) {
      return at;
    }
    within = indent(text);
  }
  return line;
}

function indent(text: string): number {
  return text.length - text.trimStart().length;
}
