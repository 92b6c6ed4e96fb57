import { describe, expect, it, vi } from "vitest";
import { LATE, withinOrLater } from "../src/core/patience";

const soon = <T>(value: T, ms = 40) =>
  new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));

describe("what may take long", () => {
  it("is answered in time", async () => {
    const later = vi.fn();
    expect(await withinOrLater(soon("venv", 0), 1000, later)).toBe("venv");
    expect(later).not.toHaveBeenCalled();
  });

  it("is told of when it comes at last", async () => {
    const later = vi.fn();
    expect(await withinOrLater(soon("venv"), 5, later)).toBe(LATE);
    expect(later).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(later).toHaveBeenCalledOnce());
  });

  it("is nothing to tell of where there is no answer", async () => {
    const later = vi.fn();
    expect(await withinOrLater(soon(undefined), 5, later)).toBe(LATE);
    const fails = soon(0).then(() => Promise.reject(new Error("gone")));
    expect(await withinOrLater(fails, 5, later)).toBe(LATE);
    await soon(undefined, 80);
    expect(later).not.toHaveBeenCalled();
  });

  it("fails as it does", async () => {
    const fails = Promise.reject(new Error("no such environment"));
    await expect(withinOrLater(fails, 1000, () => undefined)).rejects.toThrow("no such");
  });
});
