package store

import (
	"time"

	"parley/internal/chat"
)

const selectInvitation = `SELECT i.id, i.created_by, u.name, u.display_name, COALESCE(i.room_id, 0), i.uses, i.max_uses, i.created_at, i.expires_at
	FROM invites i JOIN users u ON u.id = i.created_by `

// invitationRow receives the columns of selectInvitation.
type invitationRow struct {
	invitation                   chat.Invitation
	uses, most, created, expires int64
}

func (r *invitationRow) dest() []any {
	i := &r.invitation
	return []any{(*int64)(&i.ID), (*int64)(&i.By.ID), &i.By.Name, &i.By.DisplayName, (*int64)(&i.Room), &r.uses, &r.most, &r.created, &r.expires}
}

func (r *invitationRow) value() chat.Invitation {
	r.invitation.Uses, r.invitation.MaxUses = int(r.uses), int(r.most)
	r.invitation.CreatedAt, r.invitation.ExpiresAt = toTime(r.created), toTime(r.expires)
	return r.invitation
}

func scanInvitation(rows Rows) (chat.Invitation, error) {
	var r invitationRow
	err := rows.Scan(r.dest()...)
	return r.value(), err
}

// InsertInvitation implements chat.InvitationTx.
func (t *Tx) InsertInvitation(i chat.Invitation, codeHash []byte) error {
	return t.exec(`INSERT INTO invites (id, code_hash, created_by, room_id, uses, max_uses, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, int64(i.ID), codeHash, int64(i.By.ID), idOrNull(i.Room), int64(i.Uses),
		int64(i.MaxUses), i.CreatedAt.UnixMilli(), i.ExpiresAt.UnixMilli())
}

// InvitationByCode implements chat.InvitationTx.
func (t *Tx) InvitationByCode(hash []byte) (chat.Invitation, error) {
	var r invitationRow
	err := t.row(selectInvitation+`WHERE i.code_hash = $1`, []any{hash}, r.dest()...)
	return r.value(), err
}

// CountInvitation implements chat.InvitationTx.
func (t *Tx) CountInvitation(id chat.ID) error {
	return t.exec(`UPDATE invites SET uses = uses + 1 WHERE id = $1`, int64(id))
}

// InvitationsBy implements chat.InvitationTx.
func (t *Tx) InvitationsBy(user chat.ID) ([]chat.Invitation, error) {
	return list(t, scanInvitation, selectInvitation+`WHERE i.created_by = $1 ORDER BY i.created_by, i.id DESC`, int64(user))
}

// DeleteInvitation implements chat.InvitationTx.
func (t *Tx) DeleteInvitation(id chat.ID) error {
	_, err := t.conn.Exec(`DELETE FROM invites WHERE id = $1`, int64(id))
	return err
}

// DropInvitations implements chat.InvitationTx.
func (t *Tx) DropInvitations(user chat.ID, now time.Time) error {
	_, err := t.conn.Exec(`DELETE FROM invites WHERE created_by = $1 AND (uses >= max_uses OR expires_at <= $2)`, int64(user), now.UnixMilli())
	return err
}
