// Times in words.  Knows no editor.
import * as l10n from "@vscode/l10n";

const DAY = 24 * 60 * 60 * 1000;

/**
 * A time as somebody says it: `today at 18:30`, `tomorrow at 03:00`, `Monday at 07:30`,
 * `1 January at 00:05`.
 *
 * `iso` is in the time zone of the schedule (`2027-01-01T00:05:00+01:00`), and so is what is said;
 * `now` is a moment.  `locale` is that of the dates: the one that the texts are in.
 */
export function timeInWords(iso: string, now: Date, locale = "en-GB"): string {
  const parsed = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?/.exec(iso);
  if (parsed?.[1] === undefined) {
    return iso;
  }
  const [, date, minutes, seconds = "", zone] = parsed;
  const clock = `${minutes}${seconds === ":00" ? "" : seconds}`;
  const day = Date.parse(`${date}T00:00:00Z`);
  const today = Math.floor((now.getTime() + offsetOf(zone)) / DAY) * DAY;
  const days = Math.round((day - today) / DAY);
  switch (days) {
    case -1:
      return l10n.t("yesterday at {0}", clock);
    case 0:
      return l10n.t("today at {0}", clock);
    case 1:
      return l10n.t("tomorrow at {0}", clock);
    default:
      return l10n.t({
        message: "{0} at {1}",
        args: [dayInWords(new Date(day), days, new Date(today), locale), clock],
        comment: "A weekday or a date, and a time: Monday at 07:30, 1 January at 00:05",
      });
  }
}

function dayInWords(day: Date, days: number, today: Date, locale: string): string {
  const said = (format: Intl.DateTimeFormatOptions) =>
    day.toLocaleDateString(locale, { ...format, timeZone: "UTC" });
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
