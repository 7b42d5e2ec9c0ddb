-- +goose Up
-- Of an invitation only the hash of its code is kept, so it has an id to be revoked by.
DROP TABLE invites;
CREATE TABLE invites (
  id         bigint PRIMARY KEY,
  code_hash  bytea NOT NULL UNIQUE,                    -- SHA-256
  created_by bigint NOT NULL REFERENCES users(id),
  room_id    bigint,                                     -- that those who come become members of
  uses       bigint NOT NULL, max_uses bigint NOT NULL,
  created_at bigint NOT NULL, expires_at bigint NOT NULL
);
CREATE INDEX invites_by ON invites(created_by, id);
