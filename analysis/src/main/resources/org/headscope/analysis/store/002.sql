-- Version 2. A mask belongs to the weights it was made on, so two models can have masks of one name.
ALTER TABLE masks ADD COLUMN model_hash TEXT NOT NULL DEFAULT '';

UPDATE masks SET model_hash = coalesce(json_extract(body, '$.model.hash'), '');

DROP INDEX masks_by_name;

CREATE UNIQUE INDEX masks_by_model_and_name ON masks (model_hash, name) WHERE deleted_at IS NULL;

CREATE INDEX notes_by_run ON notes (run_id);
