import { expect, it } from "vitest";
import { type Machine, pythonsOnPath } from "../src/core/which";

function unix(path: string, files: string[], links: Record<string, string> = {}): Machine {
  return {
    platform: "linux",
    env: { PATH: path },
    isFile: (file) => files.includes(file),
    realpath: (file) => links[file] ?? file,
  };
}

it("prefers python3 wherever it is to python", () => {
  const machine = unix("/a:/b", ["/a/python", "/b/python3", "/b/python"]);
  expect(pythonsOnPath(machine)).toEqual(["/b/python3", "/a/python", "/b/python"]);
});

it("leaves out entries that depend on where one is", () => {
  const machine = unix(".:bin::/a", ["/a/python3", "python3", "./python3", "bin/python3"]);
  expect(pythonsOnPath(machine)).toEqual(["/a/python3"]);
});

it("takes nothing from below a folder to avoid, in whatever way it is spelled", () => {
  const files = [
    "/shop/.venv/bin/python3",
    "/link/bin/python3",
    "/shop2/python3",
    "/usr/bin/python3",
  ];
  const machine = unix("/shop/.venv/bin:/link/bin:/shop2:/usr/bin", files, {
    "/link/bin": "/shop/.venv/bin",
  });
  expect(pythonsOnPath(machine, ["/shop"])).toEqual(["/shop2/python3", "/usr/bin/python3"]);
  expect(pythonsOnPath(machine)).toHaveLength(4);
});

it("takes nothing from a folder to avoid whose folders begin with dots", () => {
  const machine = unix("/shop/..bin:/bin", ["/shop/..bin/python3", "/bin/python3"]);
  expect(pythonsOnPath(machine, ["/shop"])).toEqual(["/bin/python3"]);
});

it("knows a folder to avoid by where it really is, too", () => {
  const machine = unix("/real/shop/bin:/usr/bin", ["/real/shop/bin/python3", "/usr/bin/python3"], {
    "/home/ada/shop": "/real/shop",
  });
  expect(pythonsOnPath(machine, ["/home/ada/shop"])).toEqual(["/usr/bin/python3"]);
});

it("finds the launcher on Windows, whatever the case of the variable", () => {
  const files = ["C:\\Windows\\py.exe", "D:\\Python 312\\python.exe"];
  const machine: Machine = {
    platform: "win32",
    env: { Path: 'C:\\Windows;"D:\\Python 312";.;\\\\server' },
    isFile: (file) => files.includes(file),
    realpath: (file) => file,
  };
  expect(pythonsOnPath(machine)).toEqual(files);
});

it("finds nothing where there is no PATH", () => {
  expect(pythonsOnPath({ ...unix("", []), env: {} })).toEqual([]);
});

it("finds one with a version in its name beside an older python3", () => {
  const machine = unix("/usr/bin:/brew", [
    "/usr/bin/python3",
    "/brew/python3.10",
    "/brew/python3.12",
  ]);
  expect(pythonsOnPath(machine)).toEqual([
    "/usr/bin/python3",
    "/brew/python3.12",
    "/brew/python3.10",
  ]);
});
