// What `celeryls/view` answers: docs/lsp-extensions.md, in types.

export interface Position {
  line: number;
  character: number;
}

export interface Location {
  uri: string;
  range: { start: Position; end: Position };
}

export interface OptionView {
  name: string;
  /** As source; absent where it can't be known. */
  value?: string;
  origin: string;
  location?: Location;
}

export interface CallSiteView {
  method: string;
  via?: string;
  within?: string;
  location: Location;
}

export interface ScheduleView {
  name?: string;
  tasks: string[];
  when: string;
  /** The next times, in the time zone of the app; none where they can't be known. */
  nextRuns: string[];
  timeZone?: string;
  location: Location;
}

export interface TaskView {
  label: string;
  name?: string;
  /** Its qualified name in its file. */
  function: string;
  kind: string;
  location: Location;
  /** Whether a worker imports it; absent where that can't be told. */
  registered?: boolean;
  options: OptionView[];
  callSites: CallSiteView[];
  schedules: ScheduleView[];
}

export interface SettingView {
  name: string;
  value?: string;
  origin: string;
  locations: Location[];
}

export interface AppView {
  name: string;
  module?: string;
  location?: Location;
  tasks: TaskView[];
  settings: SettingView[];
}

export interface FolderView {
  uri: string;
  apps: AppView[];
  sharedTasks: TaskView[];
  schedules: ScheduleView[];
}

export interface View {
  folders: FolderView[];
}
