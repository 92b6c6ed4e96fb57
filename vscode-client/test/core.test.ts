import { describe, expect, it } from "vitest";
import { Crashes, MOST, WITHIN } from "../src/core/crashes";
import { dependenciesMentionCelery, pythonMentionsCelery } from "../src/core/mentions";
import { explicit, withVariables } from "../src/core/settings";
import { expand } from "../src/core/variables";
import { joined } from "../src/middleware";

describe("a server that crashes", () => {
  it("is started again three times in five minutes, and then left alone", () => {
    let now = 0;
    const crashes = new Crashes(() => now);
    const outcomes = [];
    for (let crash = 0; crash <= MOST; crash++) {
      now += 60_000;
      outcomes.push(crashes.crashed());
    }
    expect(outcomes).toEqual([true, true, true, false]);
  });

  it("may crash now and then", () => {
    let now = 0;
    const crashes = new Crashes(() => now);
    for (let crash = 0; crash < 50; crash++) {
      now += WITHIN / MOST;
      expect(crashes.crashed()).toBe(true);
    }
  });

  it("begins anew when somebody starts it", () => {
    const crashes = new Crashes(() => 0);
    for (let crash = 0; crash <= MOST; crash++) {
      crashes.crashed();
    }
    crashes.forget();
    expect(crashes.crashed()).toBe(true);
  });
});

describe("Celery is seen", () => {
  it.each([
    "from celery import Celery",
    "import celery.schedules",
    "@shared_task\ndef f(): ...",
    "from shop.celery_app import app",
    "CELERY_BROKER_URL = ''",
  ])("in the source %j", (text) => {
    expect(pythonMentionsCelery(text)).toBe(true);
  });

  it.each(["", "import os\n", "def unshared_tasks(): ...", "accelery = 1"])(
    "not in the source %j",
    (text) => {
      expect(pythonMentionsCelery(text)).toBe(false);
    },
  );

  it.each([
    ["requirements.txt", "celery[redis]==5.4\n"],
    ["Pipfile", 'django-celery-beat = "*"'],
    ["pyproject.toml", "[tool.celeryls]\nselect = []"],
    ["celeryls.toml", ""],
  ])("in %s with %j", (name, text) => {
    expect(dependenciesMentionCelery(name, text)).toBe(true);
  });

  it("not in the dependencies of something else", () => {
    expect(dependenciesMentionCelery("requirements.txt", "django\nrq\n")).toBe(false);
  });
});

describe("the server is told", () => {
  const told = (written: Record<string, object>) =>
    explicit(
      ["select", "severity", "debounce", "interpreter", "server.path", "trace.server"],
      (name) => written[name],
    );

  it("nothing of what nobody wrote: a default would win over pyproject.toml", () => {
    expect(told({ debounce: { defaultValue: 200 }, select: {} })).toEqual({});
  });

  it("what is nearest", () => {
    expect(told({ debounce: { globalValue: 1, workspaceValue: 2 } })).toEqual({ debounce: 2 });
    expect(told({ select: { globalValue: ["A"], workspaceFolderValue: [] } })).toEqual({
      select: [],
    });
  });

  it("tables of all places together, as the editor shows them", () => {
    const severity = { globalValue: { CEL101: "info" }, workspaceValue: { CEL102: "off" } };
    expect(told({ severity })).toEqual({ severity: { CEL101: "info", CEL102: "off" } });
  });

  it("nothing that is for the extension", () => {
    const value = { globalValue: "x" };
    expect(told({ interpreter: value, "server.path": value, "trace.server": value })).toEqual({});
  });
});

const AROUND = {
  home: "/home/ada",
  env: {},
  folders: [{ name: "shop", path: "/src/shop" }],
};

describe("the project's Python", () => {
  it.each([
    ["${workspaceFolder}/.venv", "/src/shop/.venv"],
    ["${userHome}/envs/shop", "/home/ada/envs/shop"],
    [".venv", ".venv"],
    ["~/envs/shop", "~/envs/shop"],
    [undefined, undefined],
  ])("%j is sent as %j", (python, sent) => {
    const settings = { select: ["CEL1"], ...(python === undefined ? {} : { python }) };
    const wanted = { select: ["CEL1"], ...(sent === undefined ? {} : { python: sent }) };
    expect(withVariables(settings, AROUND)).toEqual(wanted);
  });
});

describe("a path in a setting", () => {
  const around = {
    home: "/home/ada",
    env: { ENVS: "/envs" },
    folders: [
      { name: "shop", path: "/src/shop" },
      { name: "mail", path: "/src/mail" },
    ],
  };

  it.each([
    [undefined, undefined],
    ["  ", undefined],
    ["~/bin/celeryls", "/home/ada/bin/celeryls"],
    ["${userHome}/x", "/home/ada/x"],
    ["${workspaceFolder}/.venv/bin/python", "/src/shop/.venv/bin/python"],
    ["${workspaceFolder:mail}/.venv/bin/python", "/src/mail/.venv/bin/python"],
    ["${env:ENVS}/a", "/envs/a"],
    [".venv/bin/python", "/src/shop/.venv/bin/python"],
    ["python3.12", "python3.12"],
    ["/a/~b", "/a/~b"],
    ["${unknown}/x", "/src/shop/${unknown}/x"],
  ])("%j is %j", (written, path) => {
    expect(expand(written, around)).toBe(path);
  });
});

describe("the middleware of two features", () => {
  it("is both", () => {
    const one = { executeCommand: () => 1, workspace: { configuration: () => [] } };
    const two = {
      provideHover: () => null,
      workspace: { didChangeWorkspaceFolders: async () => {} },
    };
    const both = joined(one, two);
    expect(Object.keys(both).sort()).toEqual(["executeCommand", "provideHover", "workspace"]);
    expect(Object.keys(both.workspace ?? {})).toHaveLength(2);
  });

  it("is refused where one would undo the other", () => {
    const hook = { executeCommand: () => 1 };
    expect(() => joined(hook, hook)).toThrow("executeCommand");
  });
});
