import { DAY_MINUTES } from './clock-text.ts';
import { toBlocks, WEEKDAYS, weekdayNames, type WeekWindow } from './week-windows.ts';
import styles from './week-chart.module.css';

const ROW = 20;
const LEFT = 34;
const WIDTH = 480;
const HOURS = [0, 6, 12, 18, 24] as const;
const xOf = (minute: number): number => LEFT + (minute / DAY_MINUTES) * WIDTH;

/** The week as it comes out of the windows. For the eye alone: the same is in words beside it. */
export function WeekChart({ windows }: { windows: readonly WeekWindow[] }) {
  const height = WEEKDAYS.length * ROW + 18;
  return (
    <svg className={styles.chart} viewBox={`0 0 ${String(LEFT + WIDTH + 12)} ${String(height)}`} aria-hidden>
      {WEEKDAYS.map((weekday) => (
        <g key={weekday}>
          <text x={0} y={weekday * ROW - 5} className={styles.label}>
            {weekdayNames[weekday]?.slice(0, 3)}
          </text>
          <rect x={LEFT} y={(weekday - 1) * ROW + 3} width={WIDTH} height={ROW - 6} rx={3} className={styles.day} />
        </g>
      ))}
      {windows.flatMap(toBlocks).map(({ weekday, fromMinute, untilMinute }, index) => (
        <rect
          key={index}
          x={xOf(fromMinute)}
          y={(weekday - 1) * ROW + 3}
          width={xOf(untilMinute) - xOf(fromMinute)}
          height={ROW - 6}
          rx={3}
          className={styles.open}
        />
      ))}
      {HOURS.map((hour) => (
        <text key={hour} x={xOf(hour * 60)} y={height - 3} className={styles.hour}>
          {hour}
        </text>
      ))}
    </svg>
  );
}
