-- +goose Up
-- Times are Unix milliseconds. Ids are made by the application: 63 bits, time-ordered. What is compared without regard
-- to case is stored folded by the application, in a column of its own: lower() of SQLite knows ASCII only.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE users (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL,                        -- after PRECIS UsernameCaseMapped
  skeleton      TEXT NOT NULL,                        -- how the name looks (UTS 39)
  display_name  TEXT NOT NULL,
  search_key    TEXT NOT NULL,                        -- the display name, folded
  pass_hash     TEXT,                                 -- argon2id PHC; NULL: no login by password
  role          TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('owner','admin','member','bot')),
  email         TEXT,                                 -- folded
  avatar_file   INTEGER,
  locale        TEXT, tz TEXT, bio TEXT,
  prefs         TEXT NOT NULL DEFAULT '{}',           -- JSON
  last_seen_at  INTEGER,                              -- written at most once a minute
  created_at    INTEGER NOT NULL,
  disabled_at   INTEGER,                              -- reversible: no login, sessions revoked
  erased_at     INTEGER                               -- personal data removed; the row stays so that authorship does
);
CREATE UNIQUE INDEX users_name     ON users(name);
CREATE UNIQUE INDEX users_skeleton ON users(skeleton);
CREATE UNIQUE INDEX users_email    ON users(email) WHERE email IS NOT NULL;

CREATE TABLE identities (
  provider TEXT NOT NULL, subject TEXT NOT NULL, user_id INTEGER NOT NULL REFERENCES users(id),
  created_at INTEGER NOT NULL, PRIMARY KEY (provider, subject)) WITHOUT ROWID;
CREATE TABLE authenticators (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id), kind TEXT NOT NULL, label TEXT,
  secret BLOB NOT NULL, sign_count INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, used_at INTEGER);
CREATE INDEX authenticators_user ON authenticators(user_id);

CREATE TABLE sessions (                               -- one row per signed-in device; the token itself is never stored
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id),
  token_hash BLOB NOT NULL UNIQUE,                    -- SHA-256
  kind TEXT NOT NULL DEFAULT 'web' CHECK (kind IN ('web','api','bot')),
  user_agent TEXT NOT NULL, ip TEXT NOT NULL,
  created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, revoked_at INTEGER);
CREATE INDEX sessions_user ON sessions(user_id);
CREATE TABLE push_subs (
  id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES users(id), endpoint TEXT NOT NULL UNIQUE, p256dh BLOB NOT NULL, auth BLOB NOT NULL,
  created_at INTEGER NOT NULL, last_ok_at INTEGER, fails INTEGER NOT NULL DEFAULT 0);
CREATE INDEX push_subs_user ON push_subs(user_id);
CREATE INDEX push_subs_session ON push_subs(session_id);

CREATE TABLE rooms (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('everyone','public','private','dm')),
  name        TEXT, topic TEXT,
  name_key    TEXT,                                   -- the name, folded
  dm_key      TEXT,                                   -- sorted member ids "12:57": one dm for the same people
  post_policy TEXT NOT NULL DEFAULT 'members' CHECK (post_policy IN ('members','moderators')),
  retention_days INTEGER,
  members_count INTEGER NOT NULL,                     -- so that a head costs no count
  last_seq    INTEGER NOT NULL DEFAULT 0,             -- newest message's place, gapless from 1
  last_rev    INTEGER NOT NULL,                       -- newest change, gapless from 1
  meta_rev    INTEGER NOT NULL,                       -- rev at which name, topic or policy last changed
  member_rev  INTEGER NOT NULL,                       -- rev at which membership last changed
  created_by  INTEGER REFERENCES users(id),
  created_at  INTEGER NOT NULL,
  archived_at INTEGER
);
CREATE UNIQUE INDEX rooms_dm   ON rooms(dm_key) WHERE dm_key IS NOT NULL;
CREATE UNIQUE INDEX rooms_name ON rooms(name_key) WHERE kind IN ('everyone','public') AND archived_at IS NULL;

CREATE TABLE members (
  room_id    INTEGER NOT NULL REFERENCES rooms(id),
  user_id    INTEGER NOT NULL REFERENCES users(id),
  role       TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('owner','moderator','member')),
  notify     TEXT NOT NULL CHECK (notify IN ('all','mentions','none')),
  muted_until INTEGER,
  read_seq   INTEGER NOT NULL DEFAULT 0,              -- goes back only when the user marks something unread
  joined_at  INTEGER NOT NULL,
  left_at    INTEGER,                                 -- the row stays
  PRIMARY KEY (room_id, user_id)
) WITHOUT ROWID;
CREATE INDEX members_user ON members(user_id, room_id) WHERE left_at IS NULL;

CREATE TABLE messages (
  id         INTEGER PRIMARY KEY,
  room_id    INTEGER NOT NULL REFERENCES rooms(id),
  seq        INTEGER NOT NULL,                        -- its place, never changed
  rev        INTEGER NOT NULL,                        -- the room's rev of its last change
  author_id  INTEGER NOT NULL REFERENCES users(id),
  cid        TEXT NOT NULL,                           -- idempotency key of the author, for ever
  sent_body  INTEGER NOT NULL,                        -- digest of the body as first sent
  sent_to    INTEGER NOT NULL,                        -- digest of the target as first named
  kind       TEXT NOT NULL DEFAULT 'text' CHECK (kind IN ('text','system')),
  body       TEXT,                                    -- with <@id> tokens; NULL once deleted
  reply_to   INTEGER,                                 -- seq of the message answered
  mentions   TEXT,                                    -- "12 57 everyone"; NULL: nobody
  attrs      TEXT,                                    -- JSON: link previews
  created_at INTEGER NOT NULL,
  edited_at  INTEGER,
  pinned_at  INTEGER,
  deleted_at INTEGER, deleted_by INTEGER
);
CREATE UNIQUE INDEX messages_seq ON messages(room_id, seq);
CREATE UNIQUE INDEX messages_rev ON messages(room_id, rev);
CREATE UNIQUE INDEX messages_cid ON messages(author_id, cid);
CREATE INDEX messages_replies ON messages(room_id, reply_to) WHERE reply_to IS NOT NULL;

CREATE TABLE mentions (                               -- what can be an unread mention; user 0 is everyone
  user_id INTEGER NOT NULL, room_id INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (user_id, room_id, seq)) WITHOUT ROWID;
CREATE TABLE reactions (message_id INTEGER NOT NULL REFERENCES messages(id), user_id INTEGER NOT NULL REFERENCES users(id),
  emoji TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (message_id, emoji, user_id)) WITHOUT ROWID;
CREATE TABLE pins (room_id INTEGER NOT NULL, seq INTEGER NOT NULL, by_user INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (room_id, seq)) WITHOUT ROWID;
CREATE TABLE edits (message_id INTEGER NOT NULL REFERENCES messages(id), rev INTEGER NOT NULL, body TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (message_id, rev)) WITHOUT ROWID;
CREATE TABLE drafts (user_id INTEGER NOT NULL, room_id INTEGER NOT NULL, body TEXT NOT NULL, updated_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, room_id)) WITHOUT ROWID;
CREATE TABLE blocks (user_id INTEGER NOT NULL, blocked_id INTEGER NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, blocked_id)) WITHOUT ROWID;
CREATE TABLE bans (id INTEGER PRIMARY KEY, room_id INTEGER, user_id INTEGER, cidr TEXT, reason TEXT,
  by_user INTEGER NOT NULL, created_at INTEGER NOT NULL, until INTEGER);
CREATE TABLE invites (code_hash BLOB PRIMARY KEY, room_id INTEGER, role TEXT NOT NULL, created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER, max_uses INTEGER, uses INTEGER NOT NULL DEFAULT 0,
  revoked_at INTEGER) WITHOUT ROWID;
CREATE TABLE files (id INTEGER PRIMARY KEY, owner_id INTEGER NOT NULL REFERENCES users(id), room_id INTEGER,
  message_id INTEGER, sha256 BLOB NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL, bytes INTEGER NOT NULL,
  width INTEGER, height INTEGER, alt TEXT, created_at INTEGER NOT NULL, deleted_at INTEGER);
CREATE INDEX files_message ON files(message_id);
CREATE INDEX files_sha ON files(sha256);
CREATE TABLE webhooks (id INTEGER PRIMARY KEY, dir TEXT NOT NULL CHECK (dir IN ('in','out')), room_id INTEGER NOT NULL,
  bot_id INTEGER NOT NULL, url TEXT, secret BLOB, token_hash BLOB UNIQUE, events TEXT, disabled_at INTEGER);
CREATE TABLE jobs (id INTEGER PRIMARY KEY, queue TEXT NOT NULL, key TEXT, payload TEXT NOT NULL, run_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, lease_until INTEGER, last_error TEXT);
CREATE UNIQUE INDEX jobs_key ON jobs(queue, key) WHERE key IS NOT NULL;
CREATE INDEX jobs_due ON jobs(queue, run_at);
CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor_id INTEGER, ip TEXT, action TEXT NOT NULL,
  target TEXT, detail TEXT);
CREATE INDEX audit_at ON audit(at);
