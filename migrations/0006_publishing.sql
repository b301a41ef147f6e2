-- +goose Up

-- the long work that shows how far a version's publishing is, so that a lost task is taken up again
ALTER TABLE script_versions ADD COLUMN work_id {{id}};

-- +goose Down
SELECT 1;
