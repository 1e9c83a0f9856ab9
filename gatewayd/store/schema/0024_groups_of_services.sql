-- A monitor's group that holds alerts of several services is an incident of each: each pages by its service's policy.
-- An incident that holds alerts of several already goes on as it is.
DROP INDEX incident_group;
CREATE UNIQUE INDEX incident_group ON incident (source, grouping, service) WHERE state <> 'resolved' AND grouping <> '';
