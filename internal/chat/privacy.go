package chat

import "encoding/json"

// Privacy is what a user shows of themselves to others, and so is shown of them. It is kept in the preferences, under the
// names below; what is not there is shown.
type Privacy struct {
	Receipts bool // "receipts": what they have got and read
	Presence bool // "presence": whether they are here, and when they last were
	Typing   bool // "typing": that they are writing
}

// openBook is the privacy of a user who has chosen nothing.
func openBook() Privacy { return Privacy{Receipts: true, Presence: true, Typing: true} }

// PrivacyOf reads preferences. What is neither true nor false there is shown.
func PrivacyOf(prefs json.RawMessage) Privacy {
	p := openBook()
	var given map[string]json.RawMessage
	if len(prefs) == 0 || json.Unmarshal(prefs, &given) != nil {
		return p
	}
	for name, field := range p.fields() {
		switch string(given[name]) {
		case "true":
			*field = true
		case "false":
			*field = false
		}
	}
	return p
}

// checkPrivacy refuses preferences of privacy that are none.
func checkPrivacy(changed map[string]json.RawMessage) error {
	for name := range new(Privacy).fields() {
		switch value, ok := changed[name]; string(value) {
		case "true", "false", "null":
		default:
			if ok {
				return invalidField("prefs", "The preference %s is true or false.", name)
			}
		}
	}
	return nil
}

func (p *Privacy) fields() map[string]*bool {
	return map[string]*bool{"receipts": &p.Receipts, "presence": &p.Presence, "typing": &p.Typing}
}
