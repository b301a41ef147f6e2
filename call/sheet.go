package call

import (
	"context"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"yingda/platform/db"
	"yingda/platform/locale"
)

// maxSheet is the number of rows that one sheet of an Excel file can hold, less the header.
const maxSheet = 1048575

// writeSheet streams what the filter shows as Excel, masked as the list is (FEATURES A3.6, D10).
func (s *Service) writeSheet(ctx context.Context, w io.Writer, f Filter, zone *time.Location) error {
	x := excelize.NewFile()
	defer x.Close()
	out, err := x.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	_ = out.SetColWidth(1, 10, 18)
	var head []any
	for _, k := range []string{"started_at", "name", "number", "campaign", "grade", "outcome", "talk", "rounds", "seat", "assigned_to"} {
		head = append(head, locale.Say(ctx, "call.column."+k, nil))
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	if err := s.eachRow(ctx, f, func(i int, v View) error {
		cell, _ := excelize.CoordinatesToCellName(1, i+2)
		return out.SetRow(cell, row(ctx, v, zone))
	}); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return x.Write(w)
}

func (s *Service) eachRow(ctx context.Context, f Filter, do func(i int, v View) error) error {
	after, i := db.ID(0), 0
	for {
		p, err := s.List(ctx, f, after, 1000, 0)
		if err != nil {
			return err
		}
		n, err := s.namesOf(ctx, p.Rows)
		if err != nil {
			return err
		}
		for _, c := range p.Rows {
			if i == maxSheet {
				return nil
			}
			if err := do(i, s.view(ctx, c, n)); err != nil {
				return err
			}
			i++
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
