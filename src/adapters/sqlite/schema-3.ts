/**
 * The third schema: what the monitor of galleries counts. Days are UTC, since 1970-01-01. No probe, no subject, no traveller.
 *
 * - `monitor` holds sums over the searches of a gallery, a space and a day; `is_predicted` parts those with a predicted rate from those
 *   without, whose `predicted…` are zero.
 * - `alarm.row` ascends in the order of the searches (AUTOINCREMENT), by which the oldest are given up.
 * - `alarm_gallery.outcome` is NULL while nobody has reported one.
 */
export const SCHEMA_3 = `
CREATE TABLE monitor (
  gallery_row INTEGER NOT NULL REFERENCES gallery (row),
  algorithm TEXT NOT NULL,
  is_predicted INTEGER NOT NULL CHECK (is_predicted IN (0, 1)),
  day INTEGER NOT NULL,
  search_count INTEGER NOT NULL,
  alarm_count INTEGER NOT NULL,
  predicted_rate REAL NOT NULL,
  predicted_lower95 REAL NOT NULL,
  predicted_upper95 REAL NOT NULL,
  same_person_count INTEGER NOT NULL DEFAULT 0 CHECK (same_person_count >= 0),
  different_people_count INTEGER NOT NULL DEFAULT 0 CHECK (different_people_count >= 0),
  inconclusive_count INTEGER NOT NULL DEFAULT 0 CHECK (inconclusive_count >= 0),
  PRIMARY KEY (gallery_row, day, algorithm, is_predicted)
) STRICT, WITHOUT ROWID;
CREATE INDEX monitor_by_day ON monitor (day);

CREATE TABLE alarm (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  search_id TEXT NOT NULL UNIQUE,
  algorithm TEXT NOT NULL,
  is_predicted INTEGER NOT NULL,
  day INTEGER NOT NULL
) STRICT;
CREATE INDEX alarm_by_day ON alarm (day);

CREATE TABLE alarm_gallery (
  gallery_row INTEGER NOT NULL REFERENCES gallery (row),
  alarm_row INTEGER NOT NULL REFERENCES alarm (row),
  outcome TEXT CHECK (outcome IN ('same-person', 'different-people', 'inconclusive')),
  PRIMARY KEY (gallery_row, alarm_row)
) STRICT, WITHOUT ROWID;
CREATE INDEX alarm_gallery_by_alarm ON alarm_gallery (alarm_row);
`
