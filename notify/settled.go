package notify

import (
	"context"

	"yingda/platform/db"
)

// Unsettled counts the tenant's promises that are still on their way: not sent yet, or
// being handed over.
func (s *Service) Unsettled(ctx context.Context) (n int64, err error) {
	err = s.DB.In(ctx).Model(&Promise{}).Where("state IN ?", []State{Pending, Sending}).Count(&n).Error
	return n, err
}

// PushedTo says whether a call was pushed to a person.
func (s *Service) PushedTo(ctx context.Context, callID, user db.ID) (bool, error) {
	var n int64
	err := s.DB.In(ctx).Model(&Promise{}).Where("call_id = ? AND user_id = ? AND kind = ?", callID, user, WeChat).Count(&n).Error
	return n > 0, err
}
