-- +goose Up
-- What is asked for by the sweep: whom a change of a person concerns, and what is over or forgotten.
CREATE INDEX blocks_blocked   ON blocks(blocked_id, user_id);
CREATE INDEX sessions_expires ON sessions(expires_at);
CREATE INDEX drafts_updated   ON drafts(updated_at);
CREATE INDEX rooms_retention  ON rooms(retention_days) WHERE retention_days IS NOT NULL;
