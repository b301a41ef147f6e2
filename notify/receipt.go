package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"yingda/notify/sms"
	"yingda/platform/db"
	"yingda/platform/errs"
)

// Receipts takes the delivery receipts of the HTTP gateway (notify/sms). A receipt
// must carry the signature of the channel that the promise was sent through. 204 is
// taken (also where it says nothing new), 401 a wrong signature, 404 no such promise.
func (s *Service) Receipts() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
		if err == nil {
			err = s.receipt(r.Context(), body, r.Header.Get(sms.SignatureHeader))
		}
		if err != nil {
			slog.WarnContext(r.Context(), "SMS receipt refused", "error", err)
		}
		w.WriteHeader(receiptStatus(err))
	})
}

func receiptStatus(err error) int {
	switch {
	case err == nil:
		return http.StatusNoContent
	case errs.Is(err, errs.Unauthorized):
		return http.StatusUnauthorized
	case errs.Is(err, errs.NotFound):
		return http.StatusNotFound
	case errs.Is(err, errs.Invalid):
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

func (s *Service) receipt(ctx context.Context, body []byte, signature string) error {
	var in sms.Receipt
	if err := json.Unmarshal(body, &in); err != nil {
		return errs.New(errs.Invalid, "notify.bad_receipt").Because(err)
	}
	id, resent, ok := parseKey(in.ID)
	if !ok {
		return errs.New(errs.NotFound, "notify.promise_not_found")
	}
	p, err := s.store().promise(db.System(ctx, "SMS receipt"), id)
	if err != nil {
		return err
	}
	ctx = db.WithTenant(ctx, p.TenantID)
	ch, err := s.SMS(ctx)
	if err != nil {
		return fmt.Errorf("SMS channel: %w", err)
	}
	if !sms.Signed(ch.Secret, body, signature) {
		return errs.New(errs.Unauthorized, "notify.bad_receipt")
	}
	if p.Kind != SMS || p.Resent != resent { // of a submission that was given up
		return nil
	}
	return s.believe(ctx, p, in)
}

// believe writes what the receipt says. A receipt may come before our own answer did,
// and twice; the first one that says something final stays.
func (s *Service) believe(ctx context.Context, p *Promise, in sms.Receipt) error {
	to, ok := map[string]State{"delivered": Delivered, "failed": Failed}[in.State]
	for range 3 {
		if !ok || p.State == to || !p.State.canGo(to) {
			return nil
		}
		next := *p
		next.State, next.VendorID, next.NextAt, next.Error = to, in.VendorID, nil, errorWords(in.Error)
		if next.SentAt == nil {
			now := s.now()
			next.SentAt = &now
		}
		moved, err := s.store().move(ctx, p, next, "vendor_id", "next_at", "error", "sent_at")
		if err != nil {
			return err
		}
		if moved {
			s.changed(ctx, next)
			return nil
		}
		if p, err = s.store().promise(ctx, p.ID); err != nil { // our own answer came between
			return err
		}
	}
	return errs.New(errs.Conflict, "notify.busy")
}
