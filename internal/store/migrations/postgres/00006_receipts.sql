-- +goose Up
-- How far a member is, as others may know: sent to a socket of theirs (kept for direct rooms), and read. Unlike read_seq,
-- seen_seq never goes back.
ALTER TABLE members ADD COLUMN delivered_seq bigint NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN seen_seq      bigint NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN seen_at       bigint;  -- when seen_seq came to where it is; NULL = not known
UPDATE members SET seen_seq = read_seq;
