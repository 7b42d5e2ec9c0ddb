-- +goose Up
-- A file belongs to nothing yet, to a message, or to a user whose picture it is. The bytes are kept elsewhere, under its id;
-- gone_at says that they can be forgotten, and then the row too.
DROP TABLE files;
CREATE TABLE files (
  id         INTEGER PRIMARY KEY,
  owner_id   INTEGER NOT NULL REFERENCES users(id),
  room_id    INTEGER, seq INTEGER,                    -- of the message that carries it
  avatar_of  INTEGER,
  name       TEXT NOT NULL, mime TEXT NOT NULL, bytes INTEGER NOT NULL,
  width      INTEGER NOT NULL, height INTEGER NOT NULL, alt TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  gone_at    INTEGER
);
CREATE INDEX files_message ON files(room_id, seq) WHERE room_id IS NOT NULL;
CREATE INDEX files_loose   ON files(created_at) WHERE room_id IS NULL AND avatar_of IS NULL AND gone_at IS NULL;
CREATE INDEX files_gone    ON files(gone_at) WHERE gone_at IS NOT NULL;
