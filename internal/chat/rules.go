package chat

// Standing is how somebody stands to the server and, for an event about a room, to that room. Each standing may do all
// that those before it may.
type Standing int

// The standings.
const (
	Stranger  Standing = iota // not logged in
	Outsider                  // logged in, and not in the room
	Insider                   // a member of the room
	Moderator                 // of the room
	Owner                     // of the room
	Nobody
)

// Rule says who may do something. It is necessary, not always sufficient: a room's kind, archive, post policy and blocks
// may still refuse.
type Rule struct {
	Open   Standing // the least standing in a room that anyone may read, and for what is about no room
	Closed Standing // the least standing in a private room or a dm; whoever may not know of it is told NotFound
	Own    Standing // the least standing for one's own message; zero = as for any message
	Admin  bool     // admins of the server may in each room they may read, whatever their standing
}

// Rules is the rule of every event (contract §3), and of uploads and downloads under "file:upload" and "file:read". An
// edge must not offer what has no rule.
func Rules() map[string]Rule {
	anyone := Rule{Open: Stranger}
	loggedIn := Rule{Open: Outsider}
	reading := Rule{Open: Outsider, Closed: Insider}
	inside := Rule{Open: Insider, Closed: Insider}
	moderating := Rule{Open: Moderator, Closed: Moderator}
	owning := Rule{Open: Owner, Closed: Owner}
	return map[string]Rule{
		"auth:login": anyone, "auth:logout": loggedIn, "sync": loggedIn,

		"message:send":   inside,
		"message:edit":   {Open: Nobody, Closed: Nobody, Own: Insider},
		"message:delete": {Open: Moderator, Closed: Moderator, Own: Insider, Admin: true},
		"message:seen":   inside,
		"message:route":  {Open: Nobody, Closed: Nobody, Own: Insider},
		"reaction:set":   inside, "pin:set": inside,
		"message:thread": reading, "message:edits": reading, "pin:list": reading,
		"room:history": reading, "room:changes": reading, "room:members": reading, "room:focus": inside, "room:blur": inside,
		"search": reading, "file:upload": loggedIn, "file:read": reading,

		"room:list": loggedIn, "room:create": loggedIn, "room:join": reading, "room:leave": inside,
		"room:invite": {Open: Insider, Closed: Moderator},
		"room:kick":   moderating, "room:update": moderating, "room:role": owning,
		"room:notify": inside, "read:set": inside, "draft:set": inside, "typing": inside,

		"presence:set": loggedIn, "presence:watch": loggedIn,
		"user:list": loggedIn, "user:get": loggedIn, "user:update": loggedIn, "block:set": loggedIn,
		"session:list": loggedIn, "session:revoke": loggedIn,
		"invite:create": loggedIn, "invite:list": loggedIn, "invite:revoke": loggedIn, // for a room that of room:invite too
		"server:update": {Open: Nobody, Closed: Nobody, Admin: true},
		"wire:on":       loggedIn, "wire:off": loggedIn, "wire:wave": loggedIn, // the server's policy narrows it
	}
}

// Admits tells whether the rule lets somebody do it in an open room, or where no room is meant.
func (r Rule) Admits(who Standing) bool { return who >= r.Open }

// deed is one attempt to do something in a room.
type deed struct {
	event  string
	room   Room
	member Member
	own    bool // the message is the acting user's
	admin  bool // the acting user is an admin of the server
}

// permit applies the rule of an event. Error: Forbidden.
func (s *Service) permit(d deed) error {
	rule := s.rules[d.event]
	least := rule.Closed
	if d.room.Open() {
		least = rule.Open
	}
	if d.own && rule.Own != 0 {
		least = rule.Own
	}
	standing := d.member.standing()
	if standing >= least || d.admin && rule.Admin {
		return nil
	}
	if standing < Insider {
		return errNoMember()
	}
	switch least {
	case Moderator:
		return Errorf(Forbidden, "Only moderators and owners of the room can do that.")
	case Owner:
		return Errorf(Forbidden, "Only owners of the room can do that.")
	}
	return Errorf(Forbidden, "Only its author can do that.")
}

// permitOnServer applies the rule of an event about the server itself. Error: Forbidden.
func (s *Service) permitOnServer(event string, me User) error {
	rule := s.rules[event]
	if rule.Admits(Outsider) || rule.Admin && me.Admin() {
		return nil
	}
	return Errorf(Forbidden, "Only the owner and the admins of this server can do that.")
}

func (m Member) standing() Standing {
	if !m.Active() {
		return Outsider
	}
	switch m.Role {
	case MemberOwner:
		return Owner
	case MemberModerator:
		return Moderator
	}
	return Insider
}
