package campaign

import (
	"context"
	"encoding/json"
	"slices"

	"yingda/platform/db"
	"yingda/platform/errs"
)

// Changes is what a person changes of a campaign; what is zero stays as it is.
type Changes struct {
	Name     string
	Script   db.ID
	Template db.ID
	Seats    []db.ID
}

// Change renames a campaign, or gives it another script, other hours or other seats: the
// latter only while it has not started or is paused (FEATURES A3.2).
func (s *Service) Change(ctx context.Context, id db.ID, ch Changes) error {
	err := s.logged(ctx, func(ctx context.Context) error {
		c, err := s.Campaign(ctx, id)
		if err != nil {
			return err
		}
		set, err := s.changes(ctx, c, ch)
		if err != nil {
			return err
		}
		res := s.db.In(ctx).Model(&Campaign{}).Where("id = ? AND state = ?", id, c.State).Updates(set)
		if res.Error == nil && res.RowsAffected == 0 {
			return errs.New(errs.Conflict, "campaign.changed_meanwhile")
		}
		return res.Error
	}, "campaign.change", "campaign", id, "name", ch.Name, "script", ch.Script, "template", ch.Template, "seats", ch.Seats)
	if err == nil {
		s.moved(ctx, id)
	}
	return err
}

// changes checks what is asked for and says what is set.
func (s *Service) changes(ctx context.Context, c *Campaign, ch Changes) (map[string]any, error) {
	set := map[string]any{"updated_at": s.Clock.Now()}
	if ch.Name != "" {
		set["name"] = ch.Name
	}
	if c.State != NotStarted && c.State != Paused {
		if ch.Script != 0 {
			return nil, errs.New(errs.Conflict, "campaign.script_locked", "state", c.State)
		}
		if ch.Template != 0 || len(ch.Seats) > 0 {
			return nil, errs.New(errs.Conflict, "campaign.change_locked", "state", c.State)
		}
	}
	if ch.Script != 0 {
		version, _, err := s.Scripts.Published(ctx, ch.Script)
		if err != nil {
			return nil, err
		}
		set["script_id"], set["script_version"] = ch.Script, version
	}
	if ch.Template != 0 {
		if _, err := s.Template(ctx, ch.Template); err != nil {
			return nil, err
		}
		set["template_id"] = ch.Template
	}
	if len(ch.Seats) == 0 {
		return set, nil
	}
	return set, s.reseat(ctx, c, ch.Seats, set)
}

// reseat gives a campaign other seats: those that it holds and does not want are free,
// and where it holds any it takes the new ones at once.
func (s *Service) reseat(ctx context.Context, c *Campaign, seats []db.ID, set map[string]any) error {
	w := &wrongs{}
	w.add(s.wrongSeats(ctx, seats))
	if err := w.err(); err != nil {
		return err
	}
	rules := c.rules()
	held, err := s.heldBy(ctx, c.ID)
	if err != nil {
		return err
	}
	rules.Seats = slices.Clone(seats)
	if set["rules"], err = json.Marshal(rules); err != nil || len(held) == 0 {
		return err
	}
	leaves := slices.DeleteFunc(held, func(id db.ID) bool { return slices.Contains(seats, id) })
	if err := s.leaveSeats(ctx, c.ID, leaves); err != nil {
		return err
	}
	return s.holdSeats(ctx, c.ID, seats, s.Clock.Now())
}
