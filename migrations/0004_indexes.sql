-- +goose Up

-- a customer's history, a rep's own calls, a seat's sums: none may walk the tenant's whole history
CREATE INDEX calls_customer ON calls (tenant_id, customer_id, id);
CREATE INDEX calls_assigned ON calls (tenant_id, assigned_to, id);
CREATE INDEX rollups_seat ON rollups (tenant_id, seat_id);

-- +goose Down
SELECT 1;
