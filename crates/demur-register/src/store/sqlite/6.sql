-- In whose hands something on the desk is, under a number drawn for the occasion, and until when.
ALTER TABLE desk ADD COLUMN held_by BLOB;
ALTER TABLE desk ADD COLUMN held_until INTEGER;
CREATE INDEX desk_held ON desk (held_by) WHERE held_by IS NOT NULL;
