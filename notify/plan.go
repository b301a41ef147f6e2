package notify

import (
	"fmt"
	"slices"

	"yingda/call"
	"yingda/platform/db"
)

// Rules is what a campaign promises (FEATURES A7, A8). The zero value promises nothing.
type Rules struct {
	Keyword   *KeywordRule    `json:"keyword_sms"`
	Screening []ScreeningRule `json:"screening_sms"`
	Push      *PushRule       `json:"push"`
}

// KeywordRule sends a template when the callee asks for a text (命中关键字短信).
type KeywordRule struct {
	TemplateID db.ID `json:"template_id"`
}

// ScreeningRule sends a template after calls of the ticked grades (初筛短信).
type ScreeningRule struct {
	TemplateID db.ID    `json:"template_id"`
	Grades     []string `json:"grades"`
}

// PushRule pushes calls of the ticked grades to reps.
type PushRule struct {
	Grades []string `json:"grades"`
	Reps   []db.ID  `json:"rep_ids"`
	Mode   Mode     `json:"mode"`
}

// Mode is who of the chosen reps gets a push. The zero value is Each.
type Mode string

const (
	Each       Mode = "each"        // all of them, as the manual says
	RoundRobin Mode = "round_robin" // one after the other
	Owner      Mode = "owner"       // the customer's owner; without one, round robin
)

// Names of rules.
const (
	RuleKeyword   = "keyword"
	RuleScreening = "screening"
	RulePush      = "push"
)

// Wish is one message that a rule asks for, before texts and receivers are looked up.
type Wish struct {
	Kind     Kind
	Rule     string
	Key      string // unique for ever: rule and call, or rule and lead
	Template db.ID
	Reps     []db.ID // of whom one gets it
	Owner    bool    // the customer's owner comes before Reps
}

// Plan says what a finished call asks for. final is false where the lead will be
// tried again: grade F then gets no screening SMS yet (FEATURES A7.2). The keyword
// SMS of a call that asked for one is named again, in case the call broke before
// KeywordSMS had written it; its key is the same.
func Plan(r Rules, f *call.Finished, final bool) []Wish {
	var out []Wish
	if wishedSMS(f) {
		out = append(out, planKeyword(r, &f.Call)...)
	}
	for _, s := range r.Screening {
		if slices.Contains(s.Grades, f.Call.Grade) && (final || f.Call.Grade != "F") {
			out = append(out, Wish{Kind: SMS, Rule: RuleScreening, Template: s.TemplateID,
				Key: fmt.Sprintf("sms:screening:%d:%d:%d", f.Call.CampaignID, s.TemplateID, f.Call.LeadID)})
		}
	}
	if p := r.Push; p != nil && slices.Contains(p.Grades, f.Call.Grade) {
		out = append(out, planPush(p, &f.Call)...)
	}
	return out
}

func planKeyword(r Rules, c *call.Call) []Wish {
	if r.Keyword == nil || r.Keyword.TemplateID == 0 {
		return nil
	}
	return []Wish{{Kind: SMS, Rule: RuleKeyword, Template: r.Keyword.TemplateID,
		Key: fmt.Sprintf("sms:keyword:%d:%d:%d", c.CampaignID, r.Keyword.TemplateID, c.ID)}}
}

func planPush(p *PushRule, c *call.Call) []Wish {
	key := func(to string) string { return fmt.Sprintf("push:%d:%d:%s", c.CampaignID, c.ID, to) }
	switch p.Mode {
	case RoundRobin, Owner:
		return []Wish{{Kind: WeChat, Rule: RulePush, Key: key("one"), Reps: p.Reps, Owner: p.Mode == Owner}}
	}
	out := make([]Wish, 0, len(p.Reps))
	for _, rep := range p.Reps {
		out = append(out, Wish{Kind: WeChat, Rule: RulePush, Key: key(rep.String()), Reps: []db.ID{rep}})
	}
	return out
}

// wishedSMS says whether the robot noted a text wish on the call's timeline.
func wishedSMS(f *call.Finished) bool {
	return slices.ContainsFunc(f.Facts.Timeline, func(m call.Mark) bool { return m.Kind == "sms" })
}
