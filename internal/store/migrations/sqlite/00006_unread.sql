-- +goose Up
-- What nobody has unread has an index of its own, so that unread messages are counted by their places. own_seq says which
-- of the member's own messages may come after read_seq: none is after both.
CREATE INDEX messages_uncounted ON messages(room_id, seq) WHERE deleted_at IS NOT NULL OR kind = 'system';
ALTER TABLE members ADD COLUMN own_seq INTEGER NOT NULL DEFAULT 0;
UPDATE members SET own_seq = own.seq
  FROM (SELECT room_id, author_id, MAX(seq) AS seq FROM messages GROUP BY room_id, author_id) AS own
  WHERE own.room_id = members.room_id AND own.author_id = members.user_id AND own.seq > members.read_seq;
