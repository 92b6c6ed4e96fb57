// What the trees show, as plain nodes made from the server's view.  Knows no editor.
import * as l10n from "@vscode/l10n";
import type {
  AppView,
  CallSiteView,
  FolderView,
  Location,
  OptionView,
  ScheduleView,
  SettingView,
  TaskView,
  View,
} from "./shapes";
import { timeInWords } from "./times";

export interface TreeNode {
  /** The same after a refresh, so that what was open stays open. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  /** The name of a codicon. */
  readonly icon: string;
  readonly location?: Location;
  readonly children?: readonly TreeNode[];
  readonly open?: boolean;
  /** For the menus of package.json. */
  readonly context?: string;
  /** The task that it is, for commands about one. */
  readonly task?: TaskView;
}

/** How places and times are said here. */
export interface Names {
  /** A place in a few words, such as `shop/tasks.py:12`. */
  place(location: Location): string;
  folder(uri: string): string;
  /** Of dates; that of the English texts without it. */
  readonly locale?: string;
}

const UNKNOWN = "?";

/** Apps with their tasks; those of each folder apart where there are several. */
export function appNodes(view: View, names: Names, now: Date): TreeNode[] {
  return byFolder(view, names, (folder) => [
    ...folder.apps.map((app) => appNode(folder, app, names, now)),
    ...shared(folder, names, now),
  ]);
}

/** What runs by the clock, each with its next times. */
export function scheduleNodes(view: View, names: Names, now: Date): TreeNode[] {
  return byFolder(view, names, (folder) =>
    unique(
      folder.schedules.map((schedule) => scheduleNode(`${folder.uri} beat`, schedule, names, now)),
    ),
  );
}

/** Settings that somebody wrote, below their apps where there are several. */
export function settingNodes(view: View, names: Names): TreeNode[] {
  return byFolder(view, names, (folder) => {
    const apps = folder.apps.filter((app) => app.settings.length > 0);
    const made = apps.map((app) => ({
      ...appBase(folder, app, names, "settings"),
      description: app.module ?? "",
      children: unique(
        app.settings.map((setting) => settingNode(`${folder.uri} ${nameOf(app)}`, setting, names)),
      ),
      open: true,
    }));
    return apps.length === 1 ? (made[0]?.children ?? []) : made;
  });
}

/** Whether there is nothing of Celery in any folder. */
export function isEmpty(view: View): boolean {
  return view.folders.every(
    (folder) => folder.apps.length + folder.sharedTasks.length + folder.schedules.length === 0,
  );
}

/** Every next run there is. */
export function runsOf(view: View): string[] {
  return view.folders.flatMap((folder) =>
    folder.schedules.flatMap((schedule) => schedule.nextRuns),
  );
}

function byFolder(
  view: View,
  names: Names,
  nodes: (folder: FolderView) => readonly TreeNode[],
): TreeNode[] {
  const made = view.folders.map((folder) => ({ folder, children: nodes(folder) }));
  const filled = made.filter(({ children }) => children.length > 0);
  if (view.folders.length <= 1) {
    return filled.flatMap(({ children }) => [...children]);
  }
  return filled.map(({ folder, children }) => ({
    id: `folder ${folder.uri}`,
    label: names.folder(folder.uri),
    icon: "root-folder",
    children,
    open: true,
  }));
}

function appBase(folder: FolderView, app: AppView, names: Names, of: string): TreeNode {
  return {
    id: `${of} ${folder.uri} ${nameOf(app)}`,
    label: app.name,
    icon: "package",
    tooltip: app.location === undefined ? nameOf(app) : names.place(app.location),
    context: "celeryls.app",
    ...located(app.location),
  };
}

function appNode(folder: FolderView, app: AppView, names: Names, now: Date): TreeNode {
  return {
    ...appBase(folder, app, names, "app"),
    description: [app.module, taskCount(app.tasks.length)].filter(Boolean).join(" · "),
    children: tasksOf(`${folder.uri} ${nameOf(app)}`, app.tasks, names, now),
    open: true,
  };
}

function shared(folder: FolderView, names: Names, now: Date): TreeNode[] {
  if (folder.sharedTasks.length === 0) {
    return [];
  }
  return [
    {
      id: `shared ${folder.uri}`,
      label: folder.apps.length === 0 ? l10n.t("Tasks") : l10n.t("Shared tasks"),
      description: taskCount(folder.sharedTasks.length),
      tooltip: l10n.t("Tasks of which it can't be told which app they belong to."),
      icon: "package",
      children: tasksOf(folder.uri, folder.sharedTasks, names, now),
      open: true,
    },
  ];
}

function tasksOf(
  owner: string,
  tasks: readonly TaskView[],
  names: Names,
  now: Date,
): readonly TreeNode[] {
  return unique(tasks.map((task) => taskNode(owner, task, names, now)));
}

function taskNode(owner: string, task: TaskView, names: Names, now: Date): TreeNode {
  const id = `${owner} task ${task.location.uri} ${task.function}`;
  const lost = task.registered === false;
  const dot = task.label.lastIndexOf(".");
  const said = [
    ...task.schedules.slice(0, 1).map((schedule) => schedule.when),
    ...(task.callSites.length > 0 ? [callerCount(task.callSites.length)] : []),
    ...(lost ? [l10n.t("no worker imports it")] : []),
    ...(dot > 0 ? [task.label.slice(0, dot)] : []),
  ];
  const children = [
    ...unique(task.options.map((option) => optionNode(id, option, names))),
    ...unique(task.schedules.map((schedule) => scheduleNode(id, schedule, names, now))),
    ...callSites(id, task.callSites, names),
  ];
  return {
    id,
    label: task.label.slice(dot + 1),
    description: said.join(" · "),
    tooltip: `${task.label}\n${names.place(task.location)}`,
    icon: lost ? "warning" : "symbol-event",
    location: task.location,
    children,
    context: "celeryls.task",
    task,
  };
}

function optionNode(owner: string, option: OptionView, names: Names): TreeNode {
  const origin = originOf(option.origin);
  return {
    id: `${owner} option ${option.name}`,
    label: `${option.name} = ${option.value ?? UNKNOWN}`,
    description: origin,
    tooltip: option.location === undefined ? origin : `${origin}, ${names.place(option.location)}`,
    icon: "symbol-property",
    ...located(option.location),
  };
}

function callSites(owner: string, sites: readonly CallSiteView[], names: Names): TreeNode[] {
  if (sites.length === 0) {
    return [];
  }
  const made = sites.map((site): TreeNode => {
    const place = names.place(site.location);
    const how = site.via === undefined ? site.method : l10n.t("by {0}", site.via);
    return {
      id: `${owner} call ${site.location.uri} ${site.within ?? ""} ${site.method}`,
      label: site.within ?? place.replace(/:\d+$/, ""),
      description: `${how} · ${place}`,
      tooltip: place,
      icon: "call-outgoing",
      location: site.location,
    };
  });
  return [
    {
      id: `${owner} calls`,
      label: callerCount(sites.length),
      icon: "references",
      children: unique(made),
    },
  ];
}

function scheduleNode(owner: string, schedule: ScheduleView, names: Names, now: Date): TreeNode {
  const tasks = schedule.tasks.join(", ");
  const id = `${owner} schedule ${schedule.location.uri} ${schedule.name ?? ""} ${tasks}`;
  const runs = schedule.nextRuns.slice(0, 3);
  const zone = schedule.timeZone;
  return {
    id,
    label: schedule.name ?? (tasks || schedule.when),
    description: schedule.name === undefined && tasks === "" ? "" : schedule.when,
    tooltip: [tasks, schedule.when, zone, names.place(schedule.location)]
      .filter(Boolean)
      .join("\n"),
    icon: "watch",
    location: schedule.location,
    children: runs.map((run, index) => ({
      id: `${id} run ${index}`,
      label: timeInWords(run, now, names.locale),
      description: zone ?? "",
      tooltip: run,
      icon: "history",
    })),
  };
}

function settingNode(owner: string, setting: SettingView, names: Names): TreeNode {
  const [first, ...more] = setting.locations;
  const places = setting.locations.map((location) => names.place(location));
  const origin = originOf(setting.origin);
  const where = places[0] ?? origin;
  const id = `${owner} setting ${setting.name}`;
  return {
    id,
    label: `${setting.name} = ${setting.value ?? UNKNOWN}`,
    description: more.length === 0 ? where : l10n.t("{0} places", places.length),
    tooltip: [origin, ...places].join("\n"),
    icon: "symbol-constant",
    ...located(first),
    ...(more.length === 0
      ? {}
      : {
          children: setting.locations.map((location, index) => ({
            id: `${id} place ${index}`,
            label: names.place(location),
            icon: "go-to-file",
            location,
          })),
        }),
  };
}

/** Ids that occur more than once get a number. */
function unique(nodes: readonly TreeNode[]): TreeNode[] {
  const seen = new Map<string, number>();
  return nodes.map((node) => {
    const count = seen.get(node.id) ?? 0;
    seen.set(node.id, count + 1);
    return count === 0 ? node : { ...node, id: `${node.id} ${count}` };
  });
}

function located(location: Location | undefined): { location?: Location } {
  return location === undefined ? {} : { location };
}

function nameOf(app: AppView): string {
  return app.module === undefined ? app.name : `${app.module}.${app.name}`;
}

// Whole phrases, since other languages have other plurals.
function taskCount(count: number): string {
  return count === 1 ? l10n.t("1 task") : l10n.t("{0} tasks", count);
}

function callerCount(count: number): string {
  return count === 1 ? l10n.t("1 caller") : l10n.t("{0} callers", count);
}

function originOf(origin: string): string {
  switch (origin) {
    case "decorator":
      return l10n.t("decorator");
    case "base":
      return l10n.t("from its base class");
    case "annotations":
      return l10n.t("from task_annotations");
    case "settings":
      return l10n.t("from the settings");
    case "default":
      return l10n.t("Celery's default");
    case "unknown":
      return l10n.t("can't be known from the source");
    default:
      return origin;
  }
}
