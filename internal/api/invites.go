package api

import (
	"context"
	"time"

	"parley/internal/chat"
	"parley/internal/wire"
)

func (t *Table) createInvite(ctx context.Context, by chat.Session, in wire.CreateInviteRequest) (wire.InviteAnswer, error) {
	asked := chat.CreateInvitationInput{Room: in.Room, Uses: in.Uses}
	if in.ExpiresIn != nil {
		// What is too long for a duration is too long for an invitation.
		valid := time.Duration(min(*in.ExpiresIn, int64(chat.MaxInvitationFor/time.Second)+1)) * time.Second
		asked.For = &valid
	}
	made, code, err := t.chat.CreateInvitation(ctx, by, asked)
	if err != nil {
		return wire.InviteAnswer{}, err
	}
	return wire.InviteAnswer{Invite: wire.FromInvitation(made), Code: code, URL: "/invite/" + code}, nil
}

func (t *Table) listInvites(ctx context.Context, by chat.Session, _ wire.Empty) (wire.InvitesAnswer, error) {
	made, err := t.chat.Invitations(ctx, by)
	if err != nil {
		return wire.InvitesAnswer{}, err
	}
	return wire.InvitesAnswer{Invites: wire.FromInvitations(made)}, nil
}

func (t *Table) revokeInvite(ctx context.Context, by chat.Session, in wire.RevokeInviteRequest) (wire.Accepted, error) {
	return wire.Accepted{}, t.chat.RevokeInvitation(ctx, by, chat.RevokeInvitationInput{Invitation: in.Invite, All: in.All})
}
