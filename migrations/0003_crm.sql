-- +goose Up

-- crm: the customer list, newest first, and the search by the last four digits
CREATE INDEX customers_list ON customers (tenant_id, id);
CREATE INDEX customers_last4 ON customers (tenant_id, phone_last4, id);
CREATE INDEX do_not_calls_list ON do_not_calls (tenant_id, id);

-- +goose Down
SELECT 1;
