package config

// Setting is one line of the configuration's description, for docs and `doctor`.
type Setting struct {
	Key, Env, Flag string
	Default, Help  string
	Value          string // "set" or "unset" for a secret
	From           string // "default", or the place where it was written
}

// Describe lists every setting with its present value; secrets are only "set" or "unset".
func (c Config) Describe() []Setting {
	var out []Setting
	for _, s := range settingsOf(&c) {
		d := Setting{Key: s.key, Env: s.env(), Flag: "--" + s.flag(), Default: s.def, Help: s.help, Value: s.text(), From: c.from[s.key]}
		if s.secret {
			d.Value = "unset"
			if s.text() != "" {
				d.Value = "set"
			}
		}
		if d.From == "" {
			d.From = "default"
		}
		out = append(out, d)
	}
	return out
}
