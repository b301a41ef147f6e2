-- +goose Up

-- pages, sums and look-ups that walked a tenant's whole history, or sorted a whole list: the
-- column that narrows comes first and the order after it, so that no database has to choose
CREATE INDEX leads_list ON leads (list_id, id);
CREATE INDEX leads_grade ON leads (tenant_id, list_id, grade);
CREATE INDEX imports_state ON imports (state, updated_at);
CREATE INDEX promises_of_call ON promises (tenant_id, call_id, id);
CREATE INDEX rollups_of_campaign ON rollups (tenant_id, campaign_id);
CREATE INDEX calls_last4 ON calls (tenant_id, phone_last4, id);
CREATE INDEX calls_seat ON calls (tenant_id, seat_id, id);

-- +goose Down
SELECT 1;
