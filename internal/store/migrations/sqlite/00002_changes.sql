-- +goose Up
-- A message carries its files, reactions and pin itself, so that reading a page of messages is one range scan. pos
-- counts messages in the order in which they were stored; it is what the search index knows a message by.

DROP TABLE reactions;
DROP TABLE pins;
DROP TABLE edits;

CREATE TABLE messages_now (
  pos        INTEGER PRIMARY KEY,
  id         INTEGER NOT NULL,
  room_id    INTEGER NOT NULL REFERENCES rooms(id),
  seq        INTEGER NOT NULL,                        -- its place, never changed
  rev        INTEGER NOT NULL,                        -- the room's rev of its last change
  author_id  INTEGER NOT NULL REFERENCES users(id),
  cid        TEXT NOT NULL,                           -- idempotency key of the author, for ever
  sent_body  INTEGER NOT NULL,                        -- digest of the body and files as first sent
  sent_to    INTEGER NOT NULL,                        -- digest of the target as first named
  kind       TEXT NOT NULL DEFAULT 'text' CHECK (kind IN ('text','system')),
  body       TEXT,                                    -- with <@id> tokens; NULL once deleted
  reply_to   INTEGER,                                 -- seq of the message answered
  mentions   TEXT,                                    -- "12 57 everyone"; NULL: nobody
  files      TEXT,                                    -- JSON; NULL: none
  reactions  TEXT,                                    -- JSON, in order of first use; NULL: none
  attrs      TEXT,                                    -- JSON: link previews
  created_at INTEGER NOT NULL,
  edited_at  INTEGER,
  pinned_at  INTEGER,
  deleted_at INTEGER
);
INSERT INTO messages_now (id, room_id, seq, rev, author_id, cid, sent_body, sent_to, kind, body, reply_to, mentions, created_at)
  SELECT id, room_id, seq, rev, author_id, cid, sent_body, sent_to, kind, body, reply_to, mentions, created_at FROM messages ORDER BY id;
DROP TABLE messages;
ALTER TABLE messages_now RENAME TO messages;
CREATE UNIQUE INDEX messages_seq ON messages(room_id, seq);
CREATE UNIQUE INDEX messages_rev ON messages(room_id, rev);
CREATE UNIQUE INDEX messages_cid ON messages(author_id, cid);

CREATE TABLE edits (                                  -- what messages said before
  room_id INTEGER NOT NULL, seq INTEGER NOT NULL,
  rev     INTEGER NOT NULL,                           -- the message's last with this text
  body    TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (room_id, seq, rev)) WITHOUT ROWID;
