// Asks one question of a form in VS Code's own input box or picker.
import * as vscode from "vscode";
import type { Value } from "../protocol";
import {
  activeChoice,
  choicesOf,
  fileChoices,
  questionOf,
  readAnswer,
  shownAnswer,
} from "./answers";
import { Debounced } from "./debounced";
import type { FormUi, Step, StepResult } from "./session";

const FINISH: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("check-all"),
  tooltip: vscode.l10n.t("Leave the rest as proposed"),
};
const QUIET_MS = 150;
const MAX_FILES = 2000;

/** Where files are chosen from. */
export interface FileSource {
  folder: vscode.Uri | undefined;
}

export class QuickUi implements FormUi {
  constructor(
    private readonly title: string,
    private readonly files: FileSource,
  ) {}

  ask(step: Step): Promise<StepResult> {
    switch (step.field.type.kind) {
      case "enum":
      case "bool":
        return this.pick(step);
      case "file":
        return this.pickFile(step, step.field.type.filters ?? []);
      default:
        return this.type(step);
    }
  }

  private type(step: Step): Promise<StepResult> {
    const { question, help } = questionOf(step.field.description);
    const box = vscode.window.createInputBox();
    const value = shownAnswer(step.value);
    this.dress(box, step);
    box.value = value;
    box.valueSelection = [0, value.length];
    box.prompt = help === "" ? question : `${question} ${help}`;
    box.placeholder = step.field.required === true ? "" : vscode.l10n.t("Can be left empty");
    box.validationMessage = step.error;
    const checks = new Debounced(QUIET_MS, (text: string) =>
      step.check(readAnswer(step.field, text)),
    );
    box.onDidChangeValue(async (text) => {
      const found = await checks.after(text);
      if (found !== undefined) {
        box.validationMessage = found.value;
      }
    });
    return shown(box, (settle) => {
      const accept = async (kind: "answer" | "finish") => {
        box.busy = true;
        const text = box.value;
        const error = (await checks.now(text)).value;
        box.busy = false;
        if (error !== undefined) {
          box.validationMessage = error;
        } else if (box.value === text) {
          settle({ kind, value: readAnswer(step.field, text) });
        }
      };
      box.onDidAccept(() => accept("answer"));
      box.onDidTriggerButton((button) => pressed(button, settle, () => accept("finish")));
    });
  }

  private pick(step: Step): Promise<StepResult> {
    const choices = choicesOf(step.field);
    const picker = vscode.window.createQuickPick<vscode.QuickPickItem & { value: Value }>();
    this.dress(picker, step);
    picker.placeholder = placeholder(step);
    picker.matchOnDescription = true;
    picker.items = choices.map((choice) => ({ ...choice }));
    const active = picker.items[activeChoice(choices, step.value)];
    picker.activeItems = active === undefined ? [] : [active];
    return shown(picker, (settle) => {
      const accept = (kind: "answer" | "finish") => {
        const item = picker.activeItems[0];
        if (item !== undefined) {
          settle({ kind, value: item.value });
        }
      };
      picker.onDidAccept(() => accept("answer"));
      picker.onDidTriggerButton((button) => pressed(button, settle, () => accept("finish")));
    });
  }

  private pickFile(step: Step, filters: string[]): Promise<StepResult> {
    const picker = vscode.window.createQuickPick<vscode.QuickPickItem & { path: string }>();
    const proposed = relative(this.files.folder, shownAnswer(step.value));
    let files = proposed === "" ? [] : [proposed];
    this.dress(picker, step);
    picker.placeholder = placeholder(step);
    const fill = () => {
      picker.items = fileChoices(files, picker.value, filters).map(({ path, isNew }) => ({
        label: path,
        description: isNew ? vscode.l10n.t("a new file") : "",
        iconPath: new vscode.ThemeIcon(isNew ? "new-file" : "file"),
        alwaysShow: isNew,
        path,
      }));
    };
    fill();
    picker.onDidChangeValue(fill);
    this.findFiles(filters, proposed).then(
      (found) => {
        files = found;
        fill();
      },
      () => undefined, // then there is what is proposed and what is typed
    );
    return shown(picker, (settle) => {
      const accept = async (kind: "answer" | "finish") => {
        const item = picker.activeItems[0];
        if (item === undefined) {
          return;
        }
        picker.busy = true;
        const error = await step.check(item.path);
        picker.busy = false;
        if (error === undefined) {
          settle({ kind, value: item.path });
        } else {
          picker.placeholder = error;
          picker.value = "";
        }
      };
      picker.onDidAccept(() => accept("answer"));
      picker.onDidTriggerButton((button) => pressed(button, settle, () => accept("finish")));
    });
  }

  private async findFiles(filters: string[], first: string): Promise<string[]> {
    const folder = this.files.folder;
    if (folder === undefined) {
      return first === "" ? [] : [first];
    }
    const endings =
      filters.length === 0
        ? "*"
        : `*.${filters.length === 1 ? filters[0] : `{${filters.join(",")}}`}`;
    const pattern = new vscode.RelativePattern(folder, `**/${endings}`);
    const skipped = "**/{.venv,venv,node_modules,__pycache__,migrations}/**";
    const found = await vscode.workspace.findFiles(pattern, skipped, MAX_FILES);
    const paths = found.map((uri) => relative(folder, uri.fsPath)).sort();
    return first === "" ? paths : [first, ...paths.filter((path) => path !== first)];
  }

  private dress(input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>, step: Step): void {
    input.title = this.title;
    input.step = step.step;
    input.totalSteps = step.totalSteps;
    input.ignoreFocusOut = true;
    input.buttons = [
      ...(step.canGoBack ? [vscode.QuickInputButtons.Back] : []),
      ...(step.canFinish ? [FINISH] : []),
    ];
  }
}

function placeholder(step: Step): string {
  return step.error === undefined
    ? step.field.description
    : `${step.error} ${step.field.description}`;
}

function pressed(
  button: vscode.QuickInputButton,
  settle: (result: StepResult) => void,
  finish: () => unknown,
): void {
  if (button === vscode.QuickInputButtons.Back) {
    settle({ kind: "back" });
  } else if (button === FINISH) {
    finish();
  }
}

/** Show an input until it is settled.  Hidden otherwise, it was cancelled. */
function shown(
  input: vscode.QuickInput,
  wire: (settle: (result: StepResult) => void) => void,
): Promise<StepResult> {
  return new Promise<StepResult>((done) => {
    wire((result) => {
      done(result);
      input.dispose();
    });
    input.onDidHide(() => {
      done({ kind: "cancel" });
      input.dispose();
    });
    input.show();
  });
}

function relative(folder: vscode.Uri | undefined, value: string): string {
  const path = value.startsWith("file:") ? vscode.Uri.parse(value).fsPath : value;
  const normal = path.replaceAll("\\", "/");
  const root = folder === undefined ? "" : `${folder.fsPath.replaceAll("\\", "/")}/`;
  return root !== "" && normal.startsWith(root) ? normal.slice(root.length) : normal;
}
