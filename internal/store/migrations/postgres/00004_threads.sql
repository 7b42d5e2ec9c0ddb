-- +goose Up
-- A reply knows which message began its thread, and that one how many replies there are, so that a page of messages counts
-- nothing. Threads and pins have an index each, in which no other message is.
ALTER TABLE messages ADD COLUMN thread bigint;  -- seq of the message that began the thread; NULL: it answers nothing
ALTER TABLE messages ADD COLUMN replies bigint; -- in the thread that it began, without deleted ones; NULL: none

CREATE INDEX messages_thread ON messages(room_id, reply_to) WHERE reply_to IS NOT NULL;
WITH RECURSIVE threads(pos, room_id, seq, root) AS (
  SELECT m.pos, m.room_id, m.seq, m.reply_to FROM messages m JOIN messages p ON p.room_id = m.room_id AND p.seq = m.reply_to
    WHERE m.reply_to IS NOT NULL AND p.reply_to IS NULL
  UNION ALL
  SELECT m.pos, m.room_id, m.seq, t.root FROM threads t JOIN messages m ON m.room_id = t.room_id AND m.reply_to = t.seq)
UPDATE messages SET thread = threads.root FROM threads WHERE threads.pos = messages.pos;
DROP INDEX messages_thread;

CREATE INDEX messages_thread ON messages(room_id, thread, seq) WHERE thread IS NOT NULL;
CREATE INDEX messages_pinned ON messages(room_id, pinned_at, seq) WHERE pinned_at IS NOT NULL;
UPDATE messages SET replies = counted.n FROM
  (SELECT room_id, thread, COUNT(*) AS n FROM messages WHERE thread IS NOT NULL AND deleted_at IS NULL GROUP BY room_id, thread) AS counted
  WHERE counted.room_id = messages.room_id AND counted.thread = messages.seq;
