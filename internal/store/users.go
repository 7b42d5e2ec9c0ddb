package store

import (
	"encoding/json"
	"strings"
	"time"

	"parley/internal/chat"
)

const userColumns = `u.id, u.name, u.display_name, COALESCE(u.bio, ''), u.role, u.prefs,
	COALESCE(u.avatar_file, 0), COALESCE(u.last_seen_at, 0), COALESCE(u.disabled_at, 0)`

// userRow receives userColumns.
type userRow struct {
	user              chat.User
	prefs             string
	lastSeen, disable int64
}

func (r *userRow) dest() []any {
	u := &r.user
	return []any{
		(*int64)(&u.ID), &u.Name, &u.DisplayName, &u.Bio, (*string)(&u.Role), &r.prefs,
		(*int64)(&u.Avatar), &r.lastSeen, &r.disable,
	}
}

func (r *userRow) value() chat.User {
	r.user.LastSeenAt, r.user.DisabledAt = toTime(r.lastSeen), toTime(r.disable)
	if r.prefs != "{}" {
		r.user.Prefs = json.RawMessage(r.prefs)
	}
	r.user.Privacy = chat.PrivacyOf(r.user.Prefs)
	return r.user
}

func (t *Tx) user(query string, args ...any) (chat.User, error) {
	var r userRow
	if err := t.row(query, args, r.dest()...); err != nil {
		return chat.User{}, err
	}
	return r.value(), nil
}

// User implements chat.UserTx.
func (t *Tx) User(id chat.ID) (chat.User, error) {
	return t.user(`SELECT `+userColumns+` FROM users u WHERE u.id = $1 AND u.erased_at IS NULL`, int64(id))
}

// UserByName implements chat.UserTx.
func (t *Tx) UserByName(name string) (chat.User, error) {
	return t.user(`SELECT `+userColumns+` FROM users u WHERE u.name = $1 AND u.erased_at IS NULL`, name)
}

// Credentials implements chat.UserTx.
func (t *Tx) Credentials(name string) (chat.User, string, error) {
	var r userRow
	var phc string
	err := t.row(`SELECT `+userColumns+`, COALESCE(u.pass_hash, '') FROM users u WHERE u.name = $1 AND u.erased_at IS NULL`,
		[]any{name}, append(r.dest(), &phc)...)
	if err != nil {
		return chat.User{}, "", err
	}
	return r.value(), phc, nil
}

// LookAlike implements chat.UserTx.
func (t *Tx) LookAlike(skeleton string) (chat.ID, error) {
	var id int64
	err := t.row(`SELECT id FROM users WHERE skeleton = $1`, []any{skeleton}, &id)
	return chat.ID(id), err
}

// AnyUser implements chat.UserTx.
func (t *Tx) AnyUser() (bool, error) { return t.exists(`SELECT 1 FROM users LIMIT 1`) }

// InsertUser implements chat.UserTx.
func (t *Tx) InsertUser(u chat.NewUser) error {
	return t.exec(`INSERT INTO users (id, name, skeleton, display_name, search_key, pass_hash, role, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		int64(u.ID), u.Name, u.Skeleton, u.DisplayName, u.SearchKey, orNull(u.PasswordHash), string(u.Role), u.CreatedAt.UnixMilli())
}

// SetPasswordHash implements chat.UserTx.
func (t *Tx) SetPasswordHash(user chat.ID, phc string) error {
	return t.exec(`UPDATE users SET pass_hash = $2 WHERE id = $1`, int64(user), phc)
}

// SetDisabledAt implements chat.UserTx.
func (t *Tx) SetDisabledAt(user chat.ID, at time.Time) error {
	return t.exec(`UPDATE users SET disabled_at = $2 WHERE id = $1`, int64(user), fromTime(at))
}

// UpdateUser implements chat.UserTx.
func (t *Tx) UpdateUser(u chat.User, searchKey string) error {
	prefs := "{}"
	if len(u.Prefs) > 0 {
		prefs = string(u.Prefs)
	}
	return t.exec(`UPDATE users SET display_name = $2, search_key = $3, bio = $4, avatar_file = $5, prefs = $6 WHERE id = $1`,
		int64(u.ID), u.DisplayName, searchKey, orNull(u.Bio), idOrNull(u.Avatar), prefs)
}

// SetLastSeen implements chat.UserTx.
func (t *Tx) SetLastSeen(user chat.ID, at time.Time) error {
	return t.exec(`UPDATE users SET last_seen_at = $2 WHERE id = $1`, int64(user), fromTime(at))
}

// ListUsers implements chat.UserTx.
func (t *Tx) ListUsers(viewer chat.ID, query, after string, limit int) ([]chat.User, error) {
	return list(t, scanSeenUser, `SELECT `+userColumns+`, COALESCE(b.user_id, 0)
		FROM users u LEFT JOIN blocks b ON b.user_id = $4 AND b.blocked_id = u.id
		WHERE u.name > $1 AND u.erased_at IS NULL AND (u.name LIKE $2 ESCAPE '\' OR u.search_key LIKE $2 ESCAPE '\')
		ORDER BY u.name LIMIT $3`, after, containing(query), int64(limit), int64(viewer))
}

func scanSeenUser(rows Rows) (chat.User, error) {
	var r userRow
	var blockedBy int64
	if err := rows.Scan(append(r.dest(), &blockedBy)...); err != nil {
		return chat.User{}, err
	}
	r.user.Blocked = blockedBy != 0
	return r.value(), nil
}

// containing is the LIKE pattern of texts that contain another.
func containing(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}
