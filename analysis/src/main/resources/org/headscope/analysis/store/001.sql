-- Version 1. Times are ISO-8601 in UTC; deleted_at marks rows that can be restored until they are purged.
CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  hash TEXT NOT NULL,
  config TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  deleted_at TEXT,
  UNIQUE (path, hash)
);

CREATE TABLE prompts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at TEXT NOT NULL,
  deleted_at TEXT
);

-- owner names the process and session that runs it, so that another process can tell whether it is still alive.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  analysis TEXT NOT NULL,
  title TEXT NOT NULL,
  parameters TEXT NOT NULL,
  mask TEXT NOT NULL,
  model_path TEXT NOT NULL,
  model_hash TEXT NOT NULL,
  code_version TEXT NOT NULL,
  seed INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
  message TEXT NOT NULL DEFAULT '',
  owner TEXT NOT NULL,
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT,
  seconds REAL,
  receipts TEXT NOT NULL DEFAULT '[]',
  result_json TEXT,
  result_file TEXT,
  deleted_at TEXT
);

CREATE INDEX runs_by_status ON runs (status);

CREATE TABLE sweep_batches (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  sweep TEXT NOT NULL,
  first_cell INTEGER NOT NULL,
  cells BLOB NOT NULL,
  PRIMARY KEY (run_id, sweep, first_cell)
);

CREATE TABLE masks (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  deleted_at TEXT
);

CREATE UNIQUE INDEX masks_by_name ON masks (name) WHERE deleted_at IS NULL;

CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  run_id INTEGER REFERENCES runs (id) ON DELETE SET NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  written_at TEXT NOT NULL,
  deleted_at TEXT
);
