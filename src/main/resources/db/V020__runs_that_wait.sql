-- A window whose page could not be done for a reason that passes waits, and says why; only other failures are counted.
ALTER TABLE mirror_windows
    ADD COLUMN failures integer NOT NULL DEFAULT 0, -- since the last page that was done, of those that do not pass
    ADD COLUMN waiting  text CHECK (char_length(waiting) <= 500); -- why the next page waits; NULL: it does not
-- RunStore.suspects, and how many there are: a report looks at what it found while it goes on.
CREATE INDEX mirror_findings_to_judge ON mirror_findings (run_id, state, number)
    WHERE state IN ('suspected', 'confirmed');
