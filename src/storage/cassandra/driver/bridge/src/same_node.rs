//! Changes of the schema go to one node, as long as it is there: nodes that make changes at the same
//! time get the schema from each other again and again, which takes them several times as long.

use scylla::cluster::{ClusterState, NodeRef};
use scylla::policies::load_balancing::{FallbackPlan, LoadBalancingPolicy, RoutingInfo};
use scylla::routing::Shard;

/// The nodes of a data centre, in an order that is the same for every process.
#[derive(Debug)]
pub struct SameNode {
    pub data_center: String,
}

impl SameNode {
    fn plan<'a>(&self, cluster: &'a ClusterState) -> Vec<(NodeRef<'a>, Option<Shard>)> {
        let mut nodes: Vec<NodeRef<'a>> = cluster.get_nodes_info().iter().collect();
        nodes.retain(|node| {
            node.is_connected() && node.datacenter.as_ref() == Some(&self.data_center)
        });
        nodes.sort_by_key(|node| node.host_id);
        nodes.into_iter().map(|node| (node, None)).collect()
    }
}

impl LoadBalancingPolicy for SameNode {
    fn pick<'a>(
        &'a self,
        _request: &'a RoutingInfo,
        cluster: &'a ClusterState,
    ) -> Option<(NodeRef<'a>, Option<Shard>)> {
        self.plan(cluster).into_iter().next()
    }

    fn fallback<'a>(
        &'a self,
        _request: &'a RoutingInfo,
        cluster: &'a ClusterState,
    ) -> FallbackPlan<'a> {
        Box::new(self.plan(cluster).into_iter())
    }

    fn name(&self) -> String {
        "SameNode".to_owned()
    }
}
