-- +goose Up
-- The tables of sqlite/, with the same names and meanings. Times are Unix milliseconds. Ids are made by the application. Text that
-- is compared or sorted has the collation "C", so that its order is the same everywhere and an index can serve it.

CREATE TABLE meta (key text COLLATE "C" PRIMARY KEY, value text NOT NULL);

CREATE TABLE users (
  id            bigint PRIMARY KEY,
  name          text COLLATE "C" NOT NULL UNIQUE,     -- after PRECIS UsernameCaseMapped
  skeleton      text COLLATE "C" NOT NULL UNIQUE,     -- how the name looks (UTS 39)
  display_name  text NOT NULL,
  search_key    text COLLATE "C" NOT NULL,            -- the display name, folded
  pass_hash     text,                                 -- argon2id PHC; NULL: no login by password
  role          text NOT NULL DEFAULT 'member' CHECK (role IN ('owner','admin','member','bot')),
  email         text COLLATE "C",                     -- folded
  avatar_file   bigint,
  locale        text, tz text, bio text,
  prefs         text NOT NULL DEFAULT '{}',           -- JSON
  last_seen_at  bigint,                               -- written at most once a minute
  created_at    bigint NOT NULL,
  disabled_at   bigint,                               -- reversible: no login, sessions revoked
  erased_at     bigint                                -- personal data removed; the row stays so that authorship does
);
CREATE UNIQUE INDEX users_email ON users(email) WHERE email IS NOT NULL;

CREATE TABLE identities (
  provider text, subject text, user_id bigint NOT NULL REFERENCES users(id), created_at bigint NOT NULL, PRIMARY KEY (provider, subject));
CREATE TABLE authenticators (
  id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users(id), kind text NOT NULL, label text,
  secret bytea NOT NULL, sign_count bigint NOT NULL DEFAULT 0, created_at bigint NOT NULL, used_at bigint);
CREATE INDEX authenticators_user ON authenticators(user_id);

CREATE TABLE sessions (                               -- one row per signed-in device; the token itself is never stored
  id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users(id),
  token_hash bytea NOT NULL UNIQUE,                   -- SHA-256
  kind text NOT NULL DEFAULT 'web' CHECK (kind IN ('web','api','bot')),
  user_agent text NOT NULL, ip text NOT NULL,
  created_at bigint NOT NULL, seen_at bigint NOT NULL, expires_at bigint NOT NULL, revoked_at bigint);
CREATE INDEX sessions_user ON sessions(user_id, id);
CREATE TABLE push_subs (
  id bigint PRIMARY KEY, session_id bigint NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  user_id bigint NOT NULL REFERENCES users(id), endpoint text NOT NULL UNIQUE, p256dh bytea NOT NULL, auth bytea NOT NULL,
  created_at bigint NOT NULL, last_ok_at bigint, fails bigint NOT NULL DEFAULT 0);
CREATE INDEX push_subs_user ON push_subs(user_id);
CREATE INDEX push_subs_session ON push_subs(session_id);

CREATE TABLE rooms (
  id          bigint PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('everyone','public','private','dm')),
  name        text, topic text,
  name_key    text COLLATE "C",                       -- the name, folded
  dm_key      text COLLATE "C",                       -- sorted member ids "12:57": one dm for the same people
  post_policy text NOT NULL DEFAULT 'members' CHECK (post_policy IN ('members','moderators')),
  retention_days bigint,
  members_count bigint NOT NULL,                      -- so that a head costs no count
  last_seq    bigint NOT NULL DEFAULT 0,              -- newest message's place, gapless from 1
  last_rev    bigint NOT NULL,                        -- newest change, gapless from 1
  meta_rev    bigint NOT NULL,                        -- rev at which name, topic or policy last changed
  member_rev  bigint NOT NULL,                        -- rev at which membership last changed
  created_by  bigint REFERENCES users(id),
  created_at  bigint NOT NULL,
  archived_at bigint
) WITH (fillfactor = 50);                             -- each message updates its room: leave place beside it
CREATE UNIQUE INDEX rooms_dm   ON rooms(dm_key) WHERE dm_key IS NOT NULL;
CREATE UNIQUE INDEX rooms_name ON rooms(name_key) WHERE kind IN ('everyone','public') AND archived_at IS NULL;

CREATE TABLE members (
  room_id    bigint NOT NULL REFERENCES rooms(id),
  user_id    bigint NOT NULL REFERENCES users(id),
  role       text NOT NULL DEFAULT 'member' CHECK (role IN ('owner','moderator','member')),
  notify     text NOT NULL CHECK (notify IN ('all','mentions','none')),
  muted_until bigint,
  read_seq   bigint NOT NULL DEFAULT 0,               -- goes back only when the user marks something unread
  joined_at  bigint NOT NULL,
  left_at    bigint,                                  -- the row stays
  PRIMARY KEY (room_id, user_id)
) WITH (fillfactor = 70);
CREATE INDEX members_user ON members(user_id, room_id) WHERE left_at IS NULL;

CREATE TABLE messages (
  pos        bigint PRIMARY KEY,                      -- counts messages in the order in which they were stored
  id         bigint NOT NULL,
  room_id    bigint NOT NULL REFERENCES rooms(id),
  seq        bigint NOT NULL,                         -- its place, never changed
  rev        bigint NOT NULL,                         -- the room's rev of its last change
  author_id  bigint NOT NULL REFERENCES users(id),
  cid        text COLLATE "C" NOT NULL,               -- idempotency key of the author, for ever
  sent_body  bigint NOT NULL,                         -- digest of the body and files as first sent
  sent_to    bigint NOT NULL,                         -- digest of the target as first named
  kind       text NOT NULL DEFAULT 'text' CHECK (kind IN ('text','system')),
  body       text,                                    -- with <@id> tokens; NULL once deleted
  reply_to   bigint,                                  -- seq of the message answered
  mentions   text,                                    -- "12 57 everyone"; NULL: nobody
  files      text,                                    -- JSON; NULL: none
  reactions  text,                                    -- JSON, in order of first use; NULL: none
  attrs      text,                                    -- JSON: link previews
  created_at bigint NOT NULL,
  edited_at  bigint,
  pinned_at  bigint,
  deleted_at bigint
);
CREATE UNIQUE INDEX messages_seq ON messages(room_id, seq);
CREATE UNIQUE INDEX messages_rev ON messages(room_id, rev);
CREATE UNIQUE INDEX messages_cid ON messages(author_id, cid);

-- A sequence would leave gaps and count what is rolled back. Only one transaction writes at a time.
CREATE FUNCTION next_pos() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT COALESCE(MAX(pos), 0) + 1 FROM messages';
ALTER TABLE messages ALTER COLUMN pos SET DEFAULT next_pos();

CREATE TABLE edits (                                  -- what messages said before
  room_id bigint NOT NULL, seq bigint NOT NULL,
  rev     bigint NOT NULL,                            -- the message's last with this text
  body    text NOT NULL, at bigint NOT NULL,
  PRIMARY KEY (room_id, seq, rev));
CREATE TABLE mentions (                               -- what can be an unread mention; user 0 is everyone
  user_id bigint NOT NULL, room_id bigint NOT NULL, seq bigint NOT NULL, PRIMARY KEY (user_id, room_id, seq));
CREATE TABLE drafts (user_id bigint NOT NULL, room_id bigint NOT NULL, body text NOT NULL, updated_at bigint NOT NULL,
  PRIMARY KEY (user_id, room_id));
CREATE TABLE blocks (user_id bigint NOT NULL, blocked_id bigint NOT NULL, created_at bigint NOT NULL,
  PRIMARY KEY (user_id, blocked_id));
CREATE INDEX blocks_blocked ON blocks(blocked_id, user_id);
CREATE TABLE bans (id bigint PRIMARY KEY, room_id bigint, user_id bigint, cidr text, reason text,
  by_user bigint NOT NULL, created_at bigint NOT NULL, until bigint);
CREATE TABLE invites (code_hash bytea PRIMARY KEY, room_id bigint, role text NOT NULL, created_by bigint NOT NULL,
  created_at bigint NOT NULL, expires_at bigint, max_uses bigint, uses bigint NOT NULL DEFAULT 0, revoked_at bigint);

-- A file belongs to nothing yet, to a message, or to a user whose picture it is. The bytes are kept elsewhere, under its id;
-- gone_at says that they can be forgotten, and then the row too.
CREATE TABLE files (
  id         bigint PRIMARY KEY,
  owner_id   bigint NOT NULL REFERENCES users(id),
  room_id    bigint, seq bigint,                      -- of the message that carries it
  avatar_of  bigint,
  name       text NOT NULL, mime text NOT NULL, bytes bigint NOT NULL,
  width      bigint NOT NULL, height bigint NOT NULL, alt text NOT NULL,
  created_at bigint NOT NULL,
  gone_at    bigint
);
CREATE INDEX files_message ON files(room_id, seq) WHERE room_id IS NOT NULL;
CREATE INDEX files_loose   ON files(created_at) WHERE room_id IS NULL AND avatar_of IS NULL AND gone_at IS NULL;
CREATE INDEX files_gone    ON files(gone_at) WHERE gone_at IS NOT NULL;

CREATE TABLE webhooks (id bigint PRIMARY KEY, dir text NOT NULL CHECK (dir IN ('in','out')), room_id bigint NOT NULL,
  bot_id bigint NOT NULL, url text, secret bytea, token_hash bytea UNIQUE, events text, disabled_at bigint);
CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, queue text NOT NULL, key text, payload text NOT NULL,
  run_at bigint NOT NULL, tries bigint NOT NULL DEFAULT 0, lease_until bigint, last_error text);
CREATE UNIQUE INDEX jobs_key ON jobs(queue, key) WHERE key IS NOT NULL;
CREATE INDEX jobs_due ON jobs(queue, run_at);
CREATE TABLE audit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at bigint NOT NULL, actor_id bigint, ip text,
  action text NOT NULL, target text, detail text);
CREATE INDEX audit_at ON audit(at);

-- What the search index knows: words with their places, marks that say where a message is, from whom and what is in it, and the
-- blocks of positions it is in. New entries wait in a list that every search reads, so it is kept short.
CREATE TABLE search (pos bigint PRIMARY KEY, words tsvector NOT NULL);
CREATE INDEX search_words ON search USING gin (words) WITH (fastupdate = on, gin_pending_list_limit = 512);

-- The last transaction of each process that writes, so that one that lost its connection can learn what it has committed.
CREATE TABLE commits (id text COLLATE "C" PRIMARY KEY, batch bigint NOT NULL, at bigint NOT NULL) WITH (fillfactor = 10);
