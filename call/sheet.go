package call

import (
	"context"
	"io"
	"time"

	"yingda/platform/db"
	"yingda/platform/locale"
	"yingda/platform/xlsx"
)

// writeSheet streams what the filter shows as Excel, masked as the list is (FEATURES A3.6, D10).
// What one sheet does not hold goes into further ones.
func (s *Service) writeSheet(ctx context.Context, w io.Writer, f Filter, zone *time.Location) error {
	var head []any
	for _, k := range []string{"started_at", "name", "number", "campaign", "grade", "outcome", "talk", "rounds", "seat", "assigned_to"} {
		head = append(head, locale.Say(ctx, "call.column."+k, nil))
	}
	x := xlsx.NewPages(head, 18, xlsx.MaxRows)
	defer x.Close()
	if err := s.eachRow(ctx, f, func(v View) error { return x.Row(row(ctx, v, zone)) }); err != nil {
		return err
	}
	return x.Finish(w)
}

func (s *Service) eachRow(ctx context.Context, f Filter, do func(v View) error) error {
	for after := db.ID(0); ; {
		p, err := s.List(ctx, f, after, 1000, 0)
		if err != nil {
			return err
		}
		n, err := s.namesOf(ctx, p.Rows)
		if err != nil {
			return err
		}
		for _, c := range p.Rows {
			if err := do(s.view(ctx, c, n)); err != nil {
				return err
			}
		}
		if after = p.Next; after == 0 {
			return nil
		}
	}
}

func row(ctx context.Context, v View, zone *time.Location) []any {
	campaign, who := "", ""
	if v.Campaign != nil {
		campaign = v.Campaign.Name
	}
	if v.AssignedTo != nil {
		who = v.AssignedTo.Name
	}
	return []any{v.StartedAt.In(zone).Format(time.DateTime), v.Name, v.Number, campaign, v.Grade, locale.Say(ctx, "call.outcome."+string(v.Outcome), nil),
		(time.Duration(v.TalkMs) * time.Millisecond).Round(time.Second).String(), v.Rounds, v.Seat, who}
}
