-- +goose Up
-- Of an invitation only the hash of its code is kept, so it has an id to be revoked by.
DROP TABLE invites;
CREATE TABLE invites (
  id         INTEGER PRIMARY KEY,
  code_hash  BLOB NOT NULL UNIQUE,                     -- SHA-256
  created_by INTEGER NOT NULL REFERENCES users(id),
  room_id    INTEGER,                                    -- that those who come become members of
  uses       INTEGER NOT NULL, max_uses INTEGER NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
);
CREATE INDEX invites_by ON invites(created_by, id);
