import { describe, expect, it, vi } from "vitest";
import { CONTENT_MODIFIED, REQUEST_FAILED, unlessRefused } from "../src/dialogue/answers";

const failing = (code: number) => Object.assign(new Error(`error ${code}`), { code });

describe("an answer of the server", () => {
  it("is asked for again while somebody types, and not for ever", async () => {
    const ask = vi.fn().mockRejectedValueOnce(failing(CONTENT_MODIFIED)).mockResolvedValue("plan");
    expect(await unlessRefused(ask, vi.fn())).toBe("plan");
    expect(ask).toHaveBeenCalledTimes(2);

    const typing = vi.fn().mockRejectedValue(failing(CONTENT_MODIFIED));
    await expect(unlessRefused(typing, vi.fn())).rejects.toThrow("-32801");
    expect(typing).toHaveBeenCalledTimes(4);
  });

  it("that is a refusal was shown by the server", async () => {
    const told = vi.fn();
    expect(
      await unlessRefused(() => Promise.reject(failing(REQUEST_FAILED)), told),
    ).toBeUndefined();
    expect(told).toHaveBeenCalledExactlyOnceWith("error -32803");
  });

  it.each([-32603, -32097])("that is the error %d was shown by nobody yet", async (code) => {
    const told = vi.fn();
    await expect(unlessRefused(() => Promise.reject(failing(code)), told)).rejects.toThrow("error");
    expect(told).not.toHaveBeenCalled();
  });
});
