// Which task a command is about, when nothing says so.  Knows no editor.
import type { FolderView, TaskView } from "../view/shapes";

export interface TaskChoice {
  label: string;
  function: string;
  uri: string;
  /** Of its name, counted from 0. */
  line: number;
}

/** Every task of some folders, those near a cursor first: the one it is in or below. */
export function taskChoices(
  folders: readonly FolderView[],
  at?: { uri: string; line: number },
): TaskChoice[] {
  const seen = new Map<string, TaskChoice>();
  for (const folder of folders) {
    for (const task of [...folder.apps.flatMap((app) => app.tasks), ...folder.sharedTasks]) {
      const choice = choiceOf(task);
      seen.set(`${choice.uri} ${choice.function}`, choice);
    }
  }
  const choices = [...seen.values()];
  if (at === undefined) {
    return choices;
  }
  const here = choices.filter((choice) => choice.uri === at.uri);
  const others = choices.filter((choice) => choice.uri !== at.uri);
  // A decorator is a few lines above the name that it belongs to.
  const distance = (choice: TaskChoice) =>
    choice.line <= at.line ? at.line - choice.line : 3 * (choice.line - at.line) - 2;
  return [...here.sort((one, other) => distance(one) - distance(other)), ...others];
}

function choiceOf(task: TaskView): TaskChoice {
  return {
    label: task.label,
    function: task.function,
    uri: task.location.uri,
    line: task.location.range.start.line,
  };
}
