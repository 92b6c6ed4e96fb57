import { describe, expect, it } from "vitest";
import type { Candidate } from "../src/core/choice";
import { debugInformation, type Known } from "../src/core/debugInformation";

const tried = (path: string): Known["choice"] => {
  const candidate: Candidate = { origin: "PATH", kind: "python", command: [path] };
  const verdict = { ok: true, version: "3.12.1", executable: path } as const;
  return { chosen: { candidate, verdict }, attempts: [{ candidate, verdict }] };
};

const KNOWN: Known = {
  extension: "0.1.0",
  server: "0.2.0",
  editor: "Visual Studio Code 1.139",
  remote: "wsl",
  platform: "linux x64",
  pythonExtension: undefined,
  trusted: true,
  folders: 2,
  choice: undefined,
  settings: { select: ["CEL1"] },
  home: "/home/ada",
};

describe("what is copied for a report", () => {
  it("is what there is to know", () => {
    const candidate: Candidate = {
      origin: "celeryls.interpreter",
      kind: "python",
      command: ["/opt/python3.8"],
    };
    const verdict = { ok: false, problem: "is Python 3.8, and 3.10 or newer is needed" } as const;
    const good = tried("/home/ada/bin/python3");
    const attempts = [{ candidate, verdict }, ...(good?.attempts ?? [])];
    expect(debugInformation({ ...KNOWN, choice: { chosen: good?.chosen, attempts } })).toBe(
      `\
- Extension: 0.1.0
- Server: 0.2.0
- Editor: Visual Studio Code 1.139, remote: wsl
- Platform: linux x64
- Python extension: none
- Workspace: 2 folders, trusted
- Candidates, in order:
  - celeryls.interpreter: /opt/python3.8: is Python 3.8, and 3.10 or newer is needed
  - PATH: ~/bin/python3: good (3.12.1)

Settings that somebody wrote:

\`\`\`json
{
  "select": [
    "CEL1"
  ]
}
\`\`\`
`,
    );
  });

  it.each([
    ["/home/ada", "/home/ada/bin/python3"],
    ["/home/ada/", "/home/ada/bin/python3"],
    ["/home/ada", "file:///home/ada/bin/python3"],
    ["C:\\Users\\Ada", "C:\\Users\\Ada\\python.exe"],
    ["C:\\Users\\Ada", "c:\\users\\ada\\python.exe"],
    ["\\\\files\\ada", "\\\\files\\ada\\python.exe"],
  ])("does not have the user's name, which is in %s", (home, path) => {
    const settings = { python: path, exclude: [home] };
    const text = debugInformation({ ...KNOWN, home, settings, choice: tried(path) });
    expect(text).not.toMatch(/ada/i);
    expect(text).toContain('"~');
  });

  it.each([
    ["/", "/usr/bin/python3"],
    ["/root", "/opt/rootfs/bin/python3"],
    ["", "/usr/bin/python3"],
  ])("has what is not in the home folder %j as it is", (home, path) => {
    expect(debugInformation({ ...KNOWN, home, choice: tried(path) })).toContain(`PATH: ${path}:`);
  });
});
