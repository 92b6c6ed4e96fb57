// What somebody who helps wants to know, as text to paste into a report.
import type { Choice } from "./choice";

export interface Known {
  readonly extension: string;
  readonly server: string;
  readonly editor: string;
  readonly remote: string | undefined;
  readonly platform: string;
  readonly pythonExtension: string | undefined;
  readonly trusted: boolean;
  readonly folders: number;
  readonly choice: Choice | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly home: string | undefined;
}

/** Markdown. The home folder, which has the user's name, is written `~`. */
export function debugInformation(known: Known): string {
  const lines = [
    `- Extension: ${known.extension}`,
    `- Server: ${known.server}`,
    `- Editor: ${known.editor}${known.remote ? `, remote: ${known.remote}` : ""}`,
    `- Platform: ${known.platform}`,
    `- Python extension: ${known.pythonExtension ?? "none"}`,
    `- Workspace: ${known.folders} folders, ${known.trusted ? "trusted" : "not trusted"}`,
    "- Candidates, in order:",
    ...(known.choice?.attempts ?? []).map(({ candidate, verdict }) => {
      const outcome = verdict.ok ? `good (${verdict.version})` : verdict.problem;
      return `  - ${candidate.origin}: ${candidate.command.join(" ")}: ${outcome}`;
    }),
    "",
    "Settings that somebody wrote:",
    "",
    "```json",
    JSON.stringify(known.settings, undefined, 2),
    "```",
    "",
  ];
  return withoutHome(lines.join("\n"), known.home);
}

/** A text with `~` for a folder, as it is and as JSON writes it: Windows has backslashes in it. */
function withoutHome(text: string, home: string | undefined): string {
  const folder = home?.replace(/[\\/]+$/, "");
  if (!folder) {
    return text;
  }
  const windows = /^[a-z]:|^\\\\/i.test(folder);
  const spellings = [JSON.stringify(folder).slice(1, -1), folder].map((spelling) =>
    spelling.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
  );
  // `/home/ada` is no part of `/home/adam`; what stands before it may be `file://`.
  const pattern = `(?:${spellings.join("|")})(?![\\w.-])`;
  return text.replace(new RegExp(pattern, windows ? "gi" : "g"), "~");
}
