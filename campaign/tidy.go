package campaign

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"yingda/platform/db"
)

// An upload holds numbers in the clear, so it is kept no longer than somebody may need it:
// until its list belongs to a campaign, or is cancelled, or lies unused for a day.

const (
	keepUnused = 24 * time.Hour
	tidyEvery  = 10 * time.Minute
	tidyAtOnce = 200
)

// tidy removes, over all tenants, the imports that came to nothing and lie unused, the
// lists whose campaign was deleted, and the uploads of lists that are in use or lie unused.
func (s *Service) tidy(ctx context.Context, now time.Time) error {
	day := now.Add(-keepUnused)
	return errors.Join(
		s.eachImport(ctx, s.dropList, "state IN ? AND campaign_id = 0 AND updated_at < ?", []ImportState{Uploaded, Broken}, day),
		s.eachImport(ctx, s.dropList, "campaign_id <> 0 AND NOT EXISTS (SELECT 1 FROM campaigns WHERE campaigns.id = imports.campaign_id)"),
		s.eachImport(ctx, s.dropUpload, "state = ? AND blob_key <> '' AND (campaign_id <> 0 OR updated_at < ?)", Ready, day),
	)
}

// eachImport does something with each import of a kind, in the scope of its tenant.
func (s *Service) eachImport(ctx context.Context, do func(context.Context, *importRow) error, where string, args ...any) error {
	var ims []importRow
	if err := s.db.In(ctx).Where(where, args...).Order("id").Limit(tidyAtOnce).Find(&ims).Error; err != nil {
		return err
	}
	var all []error
	for i := range ims {
		all = append(all, do(db.WithTenant(ctx, ims[i].TenantID), &ims[i]))
	}
	return errors.Join(all...)
}

// dropList removes an import with its files and leads. The row goes last: what is left
// half done is found again.
func (s *Service) dropList(ctx context.Context, im *importRow) error {
	if err := s.dropFiles(ctx, im); err != nil {
		return err
	}
	if err := s.emptyList(ctx, im.ID); err != nil {
		return err
	}
	return s.db.In(ctx).Where("id = ? AND state = ? AND campaign_id = ?", im.ID, im.State, im.CampaignID).Delete(&importRow{}).Error
}

// dropFiles removes an import's upload and its rejects.
func (s *Service) dropFiles(ctx context.Context, im *importRow) error {
	if im.RejectKey != "" {
		if err := s.Files.Delete(ctx, im.RejectKey); err != nil {
			return err
		}
	}
	if err := s.dropUpload(ctx, im); err != nil {
		return err
	}
	return update[importRow](ctx, s.Store, im.ID, map[string]any{"reject_key": ""})
}

// dropUpload removes the file that an import was made of.
func (s *Service) dropUpload(ctx context.Context, im *importRow) error {
	if im.BlobKey == "" {
		return nil
	}
	if err := s.Files.Delete(ctx, im.BlobKey); err != nil {
		return err
	}
	return update[importRow](ctx, s.Store, im.ID, map[string]any{"blob_key": ""})
}

// taken removes the upload of a list that has its campaign now; tidy does where it fails.
func (s *Service) taken(ctx context.Context, im *importRow) {
	if err := s.dropUpload(context.WithoutCancel(ctx), im); err != nil {
		slog.Warn("the upload of a list is left to the janitor", "import", im.ID, "error", err)
	}
}

// dropListOf removes a list whose campaign is gone; tidy goes on where it fails.
func (s *Service) dropListOf(ctx context.Context, list db.ID) {
	im, err := s.Import(ctx, list)
	if err == nil {
		err = s.dropList(ctx, im)
	}
	if err != nil {
		slog.Warn("the list of a deleted campaign is left to the janitor", "list", list, "error", err)
	}
}
