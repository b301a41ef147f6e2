package notify

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"yingda/platform/db"
)

// Template is a text of the tenant's, with variables in braces: 您好{姓名}，… or, as in
// scripts, 您好{{姓名}}，…
type Template struct {
	ID        db.ID
	TenantID  db.ID
	Kind      string // RuleKeyword or RuleScreening
	Name      string
	Text      string
	Enabled   bool
	CreatedAt time.Time
}

func (Template) TableName() string { return "sms_templates" }

var hole = regexp.MustCompile(`\{\{[^{}]+\}\}|\{[^{}]+\}`)

// Render fills a text's variables. {name} and {姓名} are the callee's name; the
// others come from the lead's columns. A variable nobody filled disappears.
func Render(text, name string, vars map[string]string) string {
	return hole.ReplaceAllStringFunc(text, func(h string) string {
		key := strings.TrimSpace(strings.Trim(h, "{}"))
		if v, ok := vars[key]; ok {
			return v
		}
		if key == "name" || key == "姓名" {
			return name
		}
		return ""
	})
}

// Templates lists the tenant's templates, the oldest first.
func (s *Service) Templates(ctx context.Context) ([]Template, error) { return s.store().templates(ctx) }

// AddTemplate adds an enabled template of a kind (RuleKeyword or RuleScreening).
func (s *Service) AddTemplate(ctx context.Context, kind, name, text string) (*Template, error) {
	t := &Template{ID: db.NewID(), Kind: kind, Name: name, Text: text, Enabled: true, CreatedAt: s.now()}
	return t, s.DB.In(ctx).Create(t).Error
}

// EnableTemplate switches a template on or off; one that is off sends nothing.
func (s *Service) EnableTemplate(ctx context.Context, id db.ID, on bool) error {
	return s.DB.In(ctx).Model(&Template{}).Where("id = ?", id).Update("enabled", on).Error
}

// Credit is the tenant's remaining SMS credit in billed segments; never negative.
func (s *Service) Credit(ctx context.Context) (int64, error) {
	t, err := s.People.Tenant(ctx, db.TenantOf(ctx))
	if err != nil {
		return 0, err
	}
	return t.SMSCredit, nil
}

// Ready says what the tenant lacks before it can promise anything: an SMS template
// (and credit) and an official account (FEATURES A1.1).
func (s *Service) Ready(ctx context.Context) (smsReady, wechatReady bool, err error) {
	ts, err := s.store().templates(ctx)
	if err != nil {
		return false, false, err
	}
	credit, err := s.Credit(ctx)
	if err != nil {
		return false, false, err
	}
	on := slices.ContainsFunc(ts, func(t Template) bool { return t.Enabled })
	o, err := s.store().official(ctx)
	return on && credit > 0, o != nil, err
}
