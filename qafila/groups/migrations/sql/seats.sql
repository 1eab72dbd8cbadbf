-- The one place where a group's seats move. `the_seats` > 0 takes, < 0 gives back. The counter moves by a conditional
-- UPDATE (and no further than the table's CHECK), and every move writes its row, so that the counter can be re-derived.
-- Answers {"moved": true, "left": n}, or {"moved": false, "why": "exhausted" | "closed" | "missing", "left": n}: whoever
-- calls turns that into the refusal. Callers take this lock last: the group's row is what buyers wait for.
CREATE OR REPLACE FUNCTION groups_take_seats(
    the_group bigint, the_seats int, the_booking bigint, the_reason text, the_user bigint, the_user_name text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    free int;
    found_group groups_travelgroup%ROWTYPE;
BEGIN
    UPDATE groups_travelgroup SET booked_count = booked_count + the_seats
     WHERE id = the_group
       AND booked_count + the_seats BETWEEN 0 AND total_capacity
       AND (the_seats < 0 OR (cancelled_at IS NULL AND deleted_at IS NULL))
    RETURNING total_capacity - booked_count INTO free;
    IF FOUND THEN
        INSERT INTO groups_groupseatmovement (group_id, seats, reason, booking_id, user_id, user_name)
        VALUES (the_group, the_seats, the_reason, the_booking, the_user, the_user_name);
        RETURN jsonb_build_object('moved', true, 'left', free);
    END IF;
    SELECT * INTO found_group FROM groups_travelgroup WHERE id = the_group;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('moved', false, 'why', 'missing', 'left', 0);
    END IF;
    RETURN jsonb_build_object(
        'moved', false,
        'why', CASE WHEN found_group.cancelled_at IS NOT NULL OR found_group.deleted_at IS NOT NULL
                    THEN 'closed' ELSE 'exhausted' END,
        'left', found_group.total_capacity - found_group.booked_count);
END $$;
