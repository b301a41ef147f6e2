package notify

import "context"

// Unsettled counts the tenant's promises that are still on their way: not sent yet, or
// being handed over.
func (s *Service) Unsettled(ctx context.Context) (n int64, err error) {
	err = s.DB.In(ctx).Model(&Promise{}).Where("state IN ?", []State{Pending, Sending}).Count(&n).Error
	return n, err
}
