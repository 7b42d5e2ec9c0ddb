package store

// Setting implements chat.SettingTx.
func (t *Tx) Setting(key string) (string, error) {
	var value string
	err := t.row(`SELECT value FROM meta WHERE key = $1`, []any{key}, &value)
	return value, err
}

// SetSetting implements chat.SettingTx.
func (t *Tx) SetSetting(key, value string) error {
	return t.exec(`INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
}
