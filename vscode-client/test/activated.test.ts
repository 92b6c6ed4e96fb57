import { expect, it } from "vitest";
import { activated } from "../src/core/activated";

it("puts an environment first", () => {
  const venv = { python: "/shop/.venv/bin/python", folder: "/shop/.venv" };
  expect(activated(venv, { platform: "linux", env: { PATH: "/usr/bin:/bin" } })).toEqual({
    VIRTUAL_ENV: "/shop/.venv",
    PATH: "/shop/.venv/bin:/usr/bin:/bin",
  });
  expect(activated(venv, { platform: "linux", env: {} }).PATH).toBe("/shop/.venv/bin");
});

it("leaves a terminal alone where a Python is no environment", () => {
  const machine = { platform: "linux", env: { PATH: "/usr/bin" } } as const;
  expect(activated(undefined, machine)).toEqual({});
  expect(activated({ python: "/usr/bin/python3", folder: undefined }, machine)).toEqual({});
});

it.each([
  ["C:\\shop\\.venv\\Scripts\\python.exe", "C:\\shop\\.venv\\Scripts"],
  ["C:\\shop\\.venv\\python.exe", "C:\\shop\\.venv;C:\\shop\\.venv\\Scripts"],
])("knows where Windows has %s", (python, first) => {
  const machine = { platform: "win32", env: { Path: "C:\\Windows" } } as const;
  expect(activated({ python, folder: "C:\\shop\\.venv" }, machine)).toEqual({
    VIRTUAL_ENV: "C:\\shop\\.venv",
    PATH: `${first};C:\\Windows`,
  });
});
