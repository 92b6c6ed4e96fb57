// Times in words.  Knows no editor.

const DAY = 24 * 60 * 60 * 1000;

/**
 * A time as somebody says it: `today at 18:30`, `tomorrow at 03:00`, `Monday at 07:30`,
 * `1 January at 00:05`.
 *
 * `iso` is in the time zone of the schedule (`2027-01-01T00:05:00+01:00`), and so is what is said;
 * `now` is a moment.
 */
export function timeInWords(iso: string, now: Date, locale?: string): string {
  const parsed = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?/.exec(iso);
  if (parsed?.[1] === undefined) {
    return iso;
  }
  const [, date, minutes, seconds = "", zone] = parsed;
  const clock = seconds === "" || seconds === ":00" ? minutes : `${minutes}${seconds}`;
  const day = Date.parse(`${date}T00:00:00Z`);
  const today = Math.floor((now.getTime() + offsetOf(zone)) / DAY) * DAY;
  const days = Math.round((day - today) / DAY);
  return `${dayInWords(new Date(day), days, new Date(today), locale)} at ${clock}`;
}

function dayInWords(day: Date, days: number, today: Date, locale: string | undefined): string {
  if (days >= -1 && days <= 1) {
    return days === 0 ? "today" : days === 1 ? "tomorrow" : "yesterday";
  }
  const said = (format: Intl.DateTimeFormatOptions) =>
    day.toLocaleDateString(locale ?? "en-GB", { ...format, timeZone: "UTC" });
  if (days > 1 && days < 7) {
    return said({ weekday: "long" });
  }
  const year = day.getUTCFullYear() === today.getUTCFullYear() ? {} : { year: "numeric" as const };
  return said({ day: "numeric", month: "long", ...year });
}

/** Milliseconds that a zone is ahead of UTC. */
function offsetOf(zone: string | undefined): number {
  const parsed = /^([+-])(\d\d):(\d\d)$/.exec(zone ?? "");
  if (parsed === null) {
    return 0;
  }
  const minutes = Number(parsed[2]) * 60 + Number(parsed[3]);
  return (parsed[1] === "-" ? -minutes : minutes) * 60 * 1000;
}

/** The first of some times that is still to come, in milliseconds from `now`. */
export function untilNext(times: readonly string[], now: Date): number | undefined {
  const ahead = times.map((time) => Date.parse(time) - now.getTime()).filter((ms) => ms > 0);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}
