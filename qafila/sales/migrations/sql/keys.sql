-- Lower rooms keep a booking's or passenger's id as a plain column, because they cannot know our tables; we add the keys.
ALTER TABLE ledger_journalline ADD CONSTRAINT line_of_a_booking
    FOREIGN KEY (booking_id) REFERENCES sales_booking (id);
ALTER TABLE groups_groupseatmovement ADD CONSTRAINT seats_of_a_booking
    FOREIGN KEY (booking_id) REFERENCES sales_booking (id);
ALTER TABLE groups_groupevent ADD CONSTRAINT event_of_a_booking
    FOREIGN KEY (booking_id) REFERENCES sales_booking (id);
ALTER TABLE groups_travelgroup ADD CONSTRAINT leader_is_a_passenger
    FOREIGN KEY (leader_id) REFERENCES sales_passenger (id);
